import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { FLAG } from '../../notebook/flag';
import plugin from '../../plugins/notebook';
import { CommKernel } from '../notebook/kernel/commkernel';

export const TOGGLE = 'ipynb-telemetry:toggle-notebook';

export class FakePanel {
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

export class FakeTracker {
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

/** The notebook plugin, and the runtime it loads; made anew for each test. */
export class NotebookStage {
  constructor() {
    beforeEach(() => {
      this.tracker = new FakeTracker();
      this.commands = new CommandRegistry();
      this.attach = jest.fn();
      this.ask = jest.fn();
      this.loaded = new PromiseDelegate();
      const { attach, ask } = this;
      this.runtime = {
        attach,
        identity: { ask, changed: new Signal({}) },
        attachments: { changed: new Signal({}), of: () => undefined },
        studentOf: jest.fn(() => null)
      };
      this.load = jest.fn().mockResolvedValue(this.runtime);
    });
    afterEach(() => jest.restoreAllMocks());
  }

  tracker!: FakeTracker;
  commands!: CommandRegistry;
  attach!: jest.Mock<void, [NotebookPanel]>;
  load!: jest.Mock;
  loaded!: PromiseDelegate<unknown>;
  ask!: jest.Mock;
  runtime!: { studentOf: jest.Mock } & Record<string, unknown>;

  readonly activate = (palette: ICommandPalette | null = null): void => {
    const { commands, load, loaded } = this;
    const app = {
      commands,
      serviceManager: { contents: {} }
    } as unknown as JupyterFrontEnd;
    const notebooks = this.tracker as unknown as INotebookTracker;
    const loader = { load, loaded: loaded.promise };
    void plugin.activate(app, loader, notebooks, null, palette, null);
  };
}

export const settle = (): Promise<void> =>
  new Promise(resolve => setTimeout(resolve));
