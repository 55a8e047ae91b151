import type { ISessionContext } from '@jupyterlab/apputils';
import type { Cell, ICellModel } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions, NotebookModel } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { Signal } from '@lumino/signaling';
import type { EventName } from '../events/catalog';
import type { CatalogEvent, IPayload } from '../events/payload';
import { buildPayload } from '../events/payload';
import { Cells } from '../notebook/cells';
import { Views } from '../notebook/views';
import { Attempts } from '../trackers/attempts';
import type { ICaptureRules, ITrackerContext } from '../trackers/tracker';
import { makeSession } from './fakes';
import { FakeKernel, WatchedSignal } from './kernelfakes';

/** A document that is tracked, with JupyterLab's own model and commands. */
export class FakeDocument implements IDisposable {
  readonly model = new NotebookModel();
  readonly commands = new CommandRegistry();
  readonly views = new Views();
  readonly statusChanged = new WatchedSignal<object, Kernel.Status>(this);
  readonly connectionStatusChanged = new WatchedSignal<object, unknown>(this);
  readonly kernelChanged = new WatchedSignal<object, object>(this);
  readonly currentChanged = new WatchedSignal<object, unknown>(this);
  readonly kernelMessages = new WatchedSignal<
    object,
    KernelMessage.ICommMsgMsg
  >(this);
  readonly kernelLost = new WatchedSignal<object, void>(this);
  readonly recorded = new WatchedSignal<object, CatalogEvent>(this);
  readonly events: [name: string, properties: Record<string, unknown>][] = [];
  readonly payloads: IPayload[] = [];
  kernel: FakeKernel | null = new FakeKernel();
  kernelLanguage = 'python';
  isCurrent = true;
  isCalled = false;
  rules: ICaptureRules = {
    captureCode: true,
    captureOutput: true,
    maxCharacters: 10_000,
    disabledTestSources: new Set()
  };

  constructor() {
    this.model.sharedModel.deleteCellRange(0, this.model.cells.length);
    (this.model.sharedModel as { nbformat_minor: number }).nbformat_minor = 5;
    this.cells = new Cells(
      { model: this.model, localPath: 'D1.ipynb' } as never,
      false
    );
    this.context = this._makeContext();
  }

  readonly context: ITrackerContext;

  get isDisposed(): boolean {
    return this.model.isDisposed;
  }

  dispose(): void {
    this.cells.dispose();
    this.views.dispose();
    this.model.dispose();
  }

  /** The properties of all events of that name. */
  all(name: EventName): Record<string, unknown>[] {
    return this.events
      .filter(event => event[0] === name)
      .map(([, properties]) => properties);
  }

  /** Add a cell; its widget is a node with the cell's own model. */
  addCell(source = '', type = 'code'): Cell {
    const index = this.model.cells.length;
    this.model.sharedModel.insertCell(index, { cell_type: type, source });
    const model: ICellModel = this.model.cells.get(index);
    const cell = {
      model,
      node: document.createElement('div'),
      isDisposed: false,
      readOnly: false
    } as unknown as Cell;
    for (const view of this.views.all) {
      (view.content.widgets as Cell[]).push(cell);
      view.node.append(cell.node);
    }
    return cell;
  }

  addView(): NotebookPanel {
    const view = {
      node: document.createElement('div'),
      content: { widgets: [], activeCell: null }
    } as unknown as NotebookPanel;
    document.body.append(view.node);
    this.views.add(view);
    return view;
  }

  private _makeContext(): ITrackerContext {
    const read = {
      session: () => this.kernel && { kernel: this.kernel },
      language: () => this.kernelLanguage,
      rules: () => this.rules,
      isCalled: () => this.isCalled,
      isCurrent: () => this.isCurrent
    };
    const session = makeSession();
    const take = (payload: IPayload): void => {
      this.payloads.push(payload);
      this.events.push([payload.event_type, { ...payload.properties }]);
    };
    return {
      model: this.model,
      sessionContext: {
        statusChanged: this.statusChanged,
        connectionStatusChanged: this.connectionStatusChanged,
        kernelChanged: this.kernelChanged,
        kernelPreference: { name: 'preferred' },
        get session() {
          return read.session();
        },
        specsManager: {
          ready: Promise.resolve(),
          get specs() {
            const argv = ['python', '-m', 'ipykernel_launcher'];
            const python3 = { language: read.language(), argv };
            return { kernelspecs: { python3 } };
          }
        }
      } as unknown as ISessionContext,
      commands: this.commands,
      application: { app: 'lab', version: '4.6.6', extensionVersion: '0.1.0' },
      shownName: undefined,
      get rules() {
        return read.rules();
      },
      views: {
        all: this.views.all,
        each: attach => this.views.each(attach),
        get isCurrent() {
          return read.isCurrent();
        },
        currentChanged: this.currentChanged
      },
      kernel: {
        messages: this.kernelMessages,
        lost: this.kernelLost,
        get isCalled() {
          return read.isCalled();
        }
      },
      counts: { cells: new Attempts(), tests: new Attempts() },
      placeOf: id => this.cells.place(id),
      cellIndex: id => this.cells.indexOf(id),
      recorded: this.recorded,
      work: () => session.work(),
      // As the recorder does it: what the catalogue refuses is a failure here.
      record: event => {
        take(buildPayload(session, event));
        if (!event.isCustom) {
          this.recorded.emit(event);
        }
        return true;
      }
    };
  }

  readonly cells: Cells;
}

/** What JupyterLab emits of any notebook. */
export const actions = {
  scheduled(notebook: Notebook, cell: Cell): void {
    const { executionScheduled } = NotebookActions;
    (executionScheduled as Signal<unknown, object>).emit({ notebook, cell });
  },
  executed(
    notebook: Notebook,
    cell: Cell,
    success: boolean,
    error?: object | null
  ): void {
    const { executed } = NotebookActions;
    (executed as Signal<unknown, object>).emit({
      notebook,
      cell,
      success,
      error
    });
  }
};
