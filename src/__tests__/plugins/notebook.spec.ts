import type { ICommandPalette } from '@jupyterlab/apputils';
import { FLAG } from '../../notebook/flag';
import { CommKernel } from '../notebook/kernel/commkernel';
import { FakeRuntime } from './fakeruntime';
import { FakePanel, NotebookStage, settle, TOGGLE } from './notebookstage';

const stage = new NotebookStage();
const { activate } = stage;

describe('the notebook plugin', () => {
  it('attaches to flagged notebooks, those open and those to come', async () => {
    const open = new FakePanel({ enabled: true });
    open.ready.resolve();
    stage.tracker.add(open);
    activate();
    const later = stage.tracker.add(new FakePanel({ enabled: true }));
    await settle();
    expect(stage.attach.mock.calls).toEqual([[open]]);
    later.ready.resolve();
    await settle();
    expect(stage.attach.mock.calls).toEqual([[open], [later]]);
  });

  it('loads nothing for other notebooks', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    activate();
    for (const flag of [undefined, { enabled: false }, { enabled: 1 }]) {
      stage.tracker.add(new FakePanel(flag)).ready.resolve();
    }
    await settle();
    expect(stage.load).not.toHaveBeenCalled();
  });

  it('forgets a notebook that closes while it is being loaded', async () => {
    activate();
    const early = stage.tracker.add(new FakePanel({ enabled: true }));
    early.isDisposed = true;
    early.ready.resolve();
    await settle();
    expect(stage.load).not.toHaveBeenCalled();

    const late = stage.tracker.add(new FakePanel({ enabled: true }));
    late.ready.resolve();
    stage.load.mockImplementation(() => {
      late.isDisposed = true;
      return Promise.resolve({ attach: stage.attach });
    });
    await settle();
    expect(stage.load).toHaveBeenCalledTimes(1);
    expect(stage.attach).not.toHaveBeenCalled();
  });

  it('says when telemetry could not start', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    stage.load.mockRejectedValue(new Error('no chunk'));
    activate();
    stage.tracker.add(new FakePanel({ enabled: true })).ready.resolve();
    await settle();
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('puts its commands into the palette', () => {
    const addItem = jest.fn<void, [{ command: string }]>();
    activate({ addItem } as unknown as ICommandPalette);
    expect(addItem.mock.calls.map(([{ command }]) => command)).toEqual([
      TOGGLE,
      'ipynb-telemetry:change-student',
      'ipynb-telemetry:withdraw-consent',
      'ipynb-telemetry:show-activity'
    ]);
  });

  it('changes the student on demand', async () => {
    activate();
    await stage.commands.execute('ipynb-telemetry:change-student');
    expect(stage.ask).toHaveBeenCalledTimes(1);
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
    panel = stage.tracker.add(new FakePanel());
    panel.ready.resolve();
  });

  it('is listened to by one target for all views of a notebook', () => {
    stage.tracker.add(twinOf(panel));
    expect(panel.kernel.registered).toHaveLength(1);
    expect(stage.load).not.toHaveBeenCalled();
  });

  it('has all views of the notebook attached, and no others', async () => {
    const twin = stage.tracker.add(twinOf(panel));
    stage.tracker.add(new FakePanel());
    await call(panel);
    expect(stage.attach.mock.calls).toEqual([
      [panel, 'called'],
      [twin, 'called']
    ]);
  });

  it('counts for its kernel only', async () => {
    stage.load.mockImplementation(() => {
      const { sessionContext } = panel.context as { sessionContext: object };
      Object.assign(sessionContext, { session: { kernel: new CommKernel() } });
      return Promise.resolve({ attach: stage.attach });
    });
    await call(panel);
    expect(stage.load).toHaveBeenCalledTimes(1);
    expect(stage.attach).not.toHaveBeenCalled();
  });

  it('is told of when it could not be followed', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    stage.load.mockRejectedValue(new Error('no chunk'));
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
    panel = stage.tracker.add(new FakePanel());
    panel.ready.resolve();
    const of = (other: FakePanel): object | undefined =>
      other.context === panel.context ? {} : undefined;
    Object.assign(runtime, {
      attach: stage.attach,
      attachments: { ...runtime.attachments, of }
    });
    stage.load.mockResolvedValue(runtime);
    stage.loaded.resolve(runtime);
    await settle();
  });

  it('has a view attached that is opened later', async () => {
    const twin = new FakePanel(undefined, panel.model);
    Object.assign(twin, { context: panel.context });
    stage.tracker.add(twin);
    const other = stage.tracker.add(new FakePanel());
    for (const { ready } of [panel, other]) {
      ready.resolve();
    }
    await settle();
    expect(stage.attach.mock.calls).toEqual([[twin]]);
  });

  it('can be turned off, which its flag then says', async () => {
    expect(stage.commands.isToggled(TOGGLE)).toBe(true);
    await stage.commands.execute(TOGGLE);
    expect(panel.model.getMetadata(FLAG)).toEqual({ enabled: false });
  });

  it('is turned off also when its flag is malformed', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    panel.model.setMetadata(FLAG, 'on');
    await stage.commands.execute(TOGGLE);
    expect(panel.model.getMetadata(FLAG)).toEqual({ enabled: false });
  });

  it('shows in the menu as soon as it is', () => {
    const told = jest.fn();
    stage.commands.commandChanged.connect(told);
    changed.emit();
    expect(told).toHaveBeenCalledTimes(1);
  });
});
