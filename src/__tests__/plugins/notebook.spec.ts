import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { InputDialog } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { FLAG, refuseNotebookId } from '../../notebook/flag';
import plugin from '../../plugins/notebook';
import { CommKernel } from '../notebook/kernel/commkernel';
import { FakeRuntime } from './fakeruntime';

const TOGGLE = 'ipynb-telemetry:toggle-notebook';

class FakePanel {
  constructor(flag?: unknown, model?: NotebookModel) {
    this.model = model ?? new NotebookModel();
    this.context = {
      ready: this.ready.promise,
      model: this.model,
      path: 'course/D1.ipynb',
      localPath: 'course/D1.ipynb',
      sessionContext: {
        session: { kernel: this.kernel },
        kernelChanged: new Signal({})
      },
      disposed: new Signal({}),
      isDisposed: false
    };
    if (flag !== undefined) {
      this.model.setMetadata(FLAG, flag);
    }
  }

  readonly kernel = new CommKernel();
  readonly model: NotebookModel;
  readonly context: object;

  readonly ready = new PromiseDelegate<void>();
  isDisposed = false;
}

class FakeTracker {
  panels: FakePanel[] = [];
  currentWidget: FakePanel | null = null;
  readonly widgetAdded = new Signal<this, FakePanel>(this);
  readonly currentChanged = new Signal<this, FakePanel | null>(this);

  forEach(call: (panel: FakePanel) => void): void {
    this.panels.forEach(call);
  }
  filter(test: (panel: FakePanel) => boolean): FakePanel[] {
    return this.panels.filter(test);
  }
  add(panel: FakePanel): FakePanel {
    this.panels.push(panel);
    this.currentWidget = panel;
    this.widgetAdded.emit(panel);
    return panel;
  }
}

let tracker: FakeTracker;
let commands: CommandRegistry;
let attach: jest.Mock<void, [NotebookPanel]>;
let load: jest.Mock;
let loaded: PromiseDelegate<unknown>;
let ask: jest.Mock;

const settle = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

function activate(palette: ICommandPalette | null = null): void {
  const app = { commands } as unknown as JupyterFrontEnd;
  const notebooks = tracker as unknown as INotebookTracker;
  const loader = { load, loaded: loaded.promise };
  void plugin.activate(app, loader, notebooks, null, palette, null);
}

/** Answer the question for the notebook id. */
function answer(accept: boolean, value: string | null): jest.SpyInstance {
  return jest
    .spyOn(InputDialog, 'getText')
    .mockResolvedValue({ button: { accept }, value } as never);
}

beforeEach(() => {
  tracker = new FakeTracker();
  commands = new CommandRegistry();
  attach = jest.fn();
  ask = jest.fn();
  loaded = new PromiseDelegate();
  load = jest.fn().mockResolvedValue({ attach, identity: { ask } });
});

afterEach(() => jest.restoreAllMocks());

describe('the notebook plugin', () => {
  it('attaches to flagged notebooks, those open and those to come', async () => {
    const open = new FakePanel({ enabled: true });
    open.ready.resolve();
    tracker.add(open);
    activate();
    const later = tracker.add(new FakePanel({ enabled: true }));
    await settle();
    expect(attach.mock.calls).toEqual([[open]]);
    later.ready.resolve();
    await settle();
    expect(attach.mock.calls).toEqual([[open], [later]]);
  });

  it('loads nothing for other notebooks', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    activate();
    for (const flag of [undefined, { enabled: false }, { enabled: 1 }]) {
      tracker.add(new FakePanel(flag)).ready.resolve();
    }
    await settle();
    expect(load).not.toHaveBeenCalled();
  });

  it('forgets a notebook that closes while it is being loaded', async () => {
    activate();
    const early = tracker.add(new FakePanel({ enabled: true }));
    early.isDisposed = true;
    early.ready.resolve();
    await settle();
    expect(load).not.toHaveBeenCalled();

    const late = tracker.add(new FakePanel({ enabled: true }));
    late.ready.resolve();
    load.mockImplementation(() => {
      late.isDisposed = true;
      return Promise.resolve({ attach });
    });
    await settle();
    expect(load).toHaveBeenCalledTimes(1);
    expect(attach).not.toHaveBeenCalled();
  });

  it('says when telemetry could not start', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    load.mockRejectedValue(new Error('no chunk'));
    activate();
    tracker.add(new FakePanel({ enabled: true })).ready.resolve();
    await settle();
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('puts its commands into the palette', () => {
    const addItem = jest.fn<void, [{ command: string }]>();
    activate({ addItem } as unknown as ICommandPalette);
    expect(addItem.mock.calls.map(([{ command }]) => command)).toEqual([
      TOGGLE,
      'ipynb-telemetry:change-student',
      'ipynb-telemetry:show-activity'
    ]);
  });

  it('changes the student on demand', async () => {
    activate();
    await commands.execute('ipynb-telemetry:change-student');
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe('a call in the kernel', () => {
  let panel: FakePanel;
  const twinOf = (other: FakePanel): FakePanel =>
    Object.assign(new FakePanel(undefined, other.model), {
      context: other.context
    });
  const call = async ({ kernel }: FakePanel): Promise<void> => {
    const comm = kernel.call({ version: 1, notebook: 'called' });
    await comm.onMsg({ content: { data: { accept: true } } });
    await settle();
  };

  beforeEach(() => {
    activate();
    panel = tracker.add(new FakePanel());
    panel.ready.resolve();
  });

  it('is listened to by one target for all views of a notebook', () => {
    tracker.add(twinOf(panel));
    expect(panel.kernel.registered).toHaveLength(1);
    expect(load).not.toHaveBeenCalled();
  });

  it('has all views of the notebook attached, and no others', async () => {
    const twin = tracker.add(twinOf(panel));
    tracker.add(new FakePanel());
    await call(panel);
    expect(attach.mock.calls).toEqual([
      [panel, 'called'],
      [twin, 'called']
    ]);
  });

  it('counts for its kernel only', async () => {
    load.mockImplementation(() => {
      const { sessionContext } = panel.context as { sessionContext: object };
      Object.assign(sessionContext, { session: { kernel: new CommKernel() } });
      return Promise.resolve({ attach });
    });
    await call(panel);
    expect(load).toHaveBeenCalledTimes(1);
    expect(attach).not.toHaveBeenCalled();
  });

  it('is told of when it could not be followed', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    load.mockRejectedValue(new Error('no chunk'));
    await call(panel);
    expect(error).toHaveBeenCalledTimes(1);
  });
});

describe('a notebook that a call turned on', () => {
  let panel: FakePanel;
  const runtime = new FakeRuntime();
  const changed = runtime.attachments.changed;

  beforeEach(async () => {
    activate();
    panel = tracker.add(new FakePanel());
    panel.ready.resolve();
    const of = (other: FakePanel): object | undefined =>
      other.context === panel.context ? {} : undefined;
    Object.assign(runtime, {
      attach,
      attachments: { ...runtime.attachments, of }
    });
    load.mockResolvedValue(runtime);
    loaded.resolve(runtime);
    await settle();
  });

  it('has a view attached that is opened later', async () => {
    const twin = new FakePanel(undefined, panel.model);
    Object.assign(twin, { context: panel.context });
    tracker.add(twin);
    const other = tracker.add(new FakePanel());
    for (const { ready } of [panel, other]) {
      ready.resolve();
    }
    await settle();
    expect(attach.mock.calls).toEqual([[twin]]);
  });

  it('can be turned off, which its flag then says', async () => {
    expect(commands.isToggled(TOGGLE)).toBe(true);
    await commands.execute(TOGGLE);
    expect(panel.model.getMetadata(FLAG)).toEqual({ enabled: false });
  });

  it('is turned off also when its flag is malformed', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    panel.model.setMetadata(FLAG, 'on');
    await commands.execute(TOGGLE);
    expect(panel.model.getMetadata(FLAG)).toEqual({ enabled: false });
  });

  it('shows in the menu as soon as it is', () => {
    const told = jest.fn();
    commands.commandChanged.connect(told);
    changed.emit();
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe('the toggle', () => {
  let panel: FakePanel;
  const flag = (): unknown => panel.model.getMetadata(FLAG);

  beforeEach(() => {
    activate();
    panel = tracker.add(new FakePanel());
    panel.ready.resolve();
  });

  it('is for a notebook only', () => {
    expect(commands.isEnabled(TOGGLE)).toBe(true);
    tracker.currentWidget = null;
    expect(commands.isEnabled(TOGGLE)).toBe(false);
    expect(commands.isToggled(TOGGLE)).toBe(false);
  });

  it('turns telemetry on with the id that was given, in every view', async () => {
    const twin = tracker.add(new FakePanel(undefined, panel.model));
    Object.assign(twin, { context: panel.context });
    const asked = answer(true, ' D1 Tools ');
    await commands.execute(TOGGLE);
    await settle();
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D1' });
    expect(flag()).toEqual({ enabled: true, notebook: 'D1 Tools' });
    expect(commands.isToggled(TOGGLE)).toBe(true);
    expect(attach.mock.calls).toEqual([[panel], [twin]]);
  });

  it('turns it off and keeps the id for the next time', async () => {
    panel.model.setMetadata(FLAG, { enabled: true, notebook: 'D7' });
    await commands.execute(TOGGLE);
    expect(flag()).toEqual({ enabled: false, notebook: 'D7' });
    expect(commands.isToggled(TOGGLE)).toBe(false);

    const asked = answer(false, null);
    await commands.execute(TOGGLE);
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D7' });
  });

  it('changes nothing on Cancel', async () => {
    answer(false, 'D9');
    await commands.execute(TOGGLE);
    expect(flag()).toBeUndefined();
    expect(attach).not.toHaveBeenCalled();
  });

  it('lets nobody give an id that would do no good', async () => {
    const asked = answer(true, ' ');
    await commands.execute(TOGGLE);
    expect(flag()).toBeUndefined();
    const [{ pattern }] = asked.mock.calls[0] as [{ pattern: string }];
    for (const [id, fits] of [
      ['D1 Tools: Einführung', true],
      ['a/b', false],
      ['a\\b', false],
      ['a\nb', false],
      ['x'.repeat(200), true],
      ['x'.repeat(201), false]
    ] as const) {
      // As browsers read a pattern.
      expect([id, new RegExp(`^(?:${pattern})$`, 'v').test(id)]).toEqual([
        id,
        fits
      ]);
      expect(refuseNotebookId(id) === null).toBe(fits);
    }
  });

  it('mends a malformed flag', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    panel.model.setMetadata(FLAG, 'on');
    answer(true, 'D1');
    await commands.execute(TOGGLE);
    expect(flag()).toEqual({ enabled: true, notebook: 'D1' });
  });

  it('tells when what it shows may have changed', () => {
    const changed = jest.fn();
    commands.commandChanged.connect(changed);
    tracker.currentChanged.emit(null);
    expect(changed).toHaveBeenCalledWith(
      commands,
      expect.objectContaining({ id: TOGGLE })
    );
  });
});
