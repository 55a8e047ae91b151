import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { CommandRegistry } from '@lumino/commands';
import { PromiseDelegate } from '@lumino/coreutils';
import { Widget } from '@lumino/widgets';
import plugin from '../../plugins/activity';
import type { Runtime } from '../../runtime/runtime';
import { settled } from '../deliverystage';
import { JOHN, until } from '../fakes';
import { FakeRuntime } from './fakeruntime';

type StatusBarItem = Parameters<IStatusBar['registerStatusItem']>[1];

const SHOW = 'ipynb-telemetry:show-activity';

let runtime: FakeRuntime;
let loaded: PromiseDelegate<Runtime>;
let commands: CommandRegistry;
let shell: {
  add: jest.Mock<void, [widget: Widget, area: string]>;
  activateById: jest.Mock;
};
let registerStatusItem: jest.Mock<void, [id: string, item: StatusBarItem]>;

function activate(statusBar = true): void {
  const app = { commands, shell } as unknown as JupyterFrontEnd;
  const load = (): Promise<Runtime> => {
    loaded.resolve(runtime.asRuntime);
    return loaded.promise;
  };
  const bar = { registerStatusItem } as unknown as IStatusBar;
  const loader = { load, loaded: loaded.promise };
  void plugin.activate(
    app,
    loader,
    runtime.asTracker,
    null,
    null,
    statusBar ? bar : null
  );
}

function button(words: string): HTMLElement | undefined {
  return [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent === words
  );
}

beforeEach(() => {
  runtime = new FakeRuntime();
  loaded = new PromiseDelegate();
  commands = new CommandRegistry();
  const sides: Widget[] = [];
  shell = {
    add: jest.fn((widget: Widget, area: string) => {
      if (area === 'right') {
        widget.hide();
        sides.push(widget);
      }
      Widget.attach(widget, document.body);
    }),
    // As the shell of Notebook 7.2 does.
    activateById: jest.fn((id: string) => {
      const side = sides.find(each => each.id === id);
      side?.setHidden(side.isVisible);
    })
  };
  registerStatusItem = jest.fn((_, { item }: StatusBarItem) =>
    Widget.attach(item, document.body)
  );
});

afterEach(() => {
  document.body.replaceChildren();
});

describe('the activity plugin', () => {
  it('shows nothing before telemetry is loaded', async () => {
    activate();
    await settled();
    expect(shell.add).not.toHaveBeenCalled();
    expect(registerStatusItem).not.toHaveBeenCalled();
  });

  it('adds one panel, however it is asked for', async () => {
    activate();
    await commands.execute(SHOW);
    await commands.execute(SHOW);
    await until(() => registerStatusItem.mock.calls.length > 0);
    expect(shell.add).toHaveBeenCalledTimes(1);
    const [panel, area] = shell.add.mock.calls[0];
    expect(area).toBe('right');
    expect(panel.isVisible).toBe(true);
  });

  it('shows the status in the menu bar where there is no status bar', async () => {
    activate(false);
    await commands.execute(SHOW);
    await until(() => shell.add.mock.calls.length > 1);
    const areas = shell.add.mock.calls.map(([, area]) => area);
    expect(areas).toEqual(['right', 'menu']);
    const [, [item]] = shell.add.mock.calls;
    expect(item.isHidden).toBe(false);
    runtime.attachments.size = 0;
    runtime.attachments.changed.emit();
    expect(item.isHidden).toBe(true);
  });

  it('shows the panel with a click on the status', async () => {
    activate();
    loaded.resolve(runtime.asRuntime);
    runtime.sign(JOHN);
    await until(() => button('JOHN-DOE · telemetry on') !== undefined);
    button('JOHN-DOE · telemetry on')?.click();
    await until(() => shell.activateById.mock.calls.length > 0);
  });
});

describe('its commands', () => {
  it('send what waits', async () => {
    activate();
    await commands.execute(SHOW);
    await commands.execute('ipynb-telemetry:send-now');
    expect(runtime.delivery.sendNow).toHaveBeenCalledTimes(1);
  });

  it('export what is not delivered', async () => {
    const createObjectURL = jest.fn(() => 'blob:test');
    Object.assign(URL, { createObjectURL });
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockReturnValue();
    activate();
    await commands.execute(SHOW);
    await commands.execute('ipynb-telemetry:export-undelivered');
    expect(runtime.delivery.undelivered).toHaveBeenCalledTimes(1);
    expect(createObjectURL).toHaveBeenCalledTimes(1);
    expect(click).toHaveBeenCalledTimes(1);
    click.mockRestore();
  });

  it('are what the panel’s buttons do', async () => {
    const executed: string[] = [];
    commands.commandExecuted.connect((_, { id }) => executed.push(id));
    activate();
    await commands.execute(SHOW);
    const click = jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockReturnValue();
    runtime.fare({ waiting: 1 });
    await until(() => button('Send now') !== undefined);
    button('Send now')?.click();
    button('Export')?.click();
    expect(executed.slice(1)).toEqual([
      'ipynb-telemetry:send-now',
      'ipynb-telemetry:export-undelivered'
    ]);
    await until(() => click.mock.calls.length > 0);
    expect(runtime.delivery.sendNow).toHaveBeenCalledTimes(1);
    click.mockRestore();
  });
});
