import type { ISessionContext } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { CapturedEvent, CatalogEvent } from '../events/payload';
import type { IApplicationFacts, ISession, Session } from '../events/session';
import { Attempts } from '../trackers/attempts';
import type {
  ICaptureRules,
  ICellPlace,
  ICounts,
  IKernelPort,
  ITrackerContext,
  IViewsPort
} from '../trackers/tracker';
import type { Cells } from './cells';
import type { Views } from './views';

/**
 * What the trackers of one document see of it, and the session under way that
 * their events are of. Trackers may outlive a session: counts, positions and
 * rules are those of the moment.
 */
export class TrackerContext implements ITrackerContext {
  constructor(private readonly _options: TrackerContext.IOptions) {
    const { context, commands, application, kernel, views, shell } = _options;
    this.model = context.model;
    this.sessionContext = context.sessionContext;
    this.commands = commands;
    this.application = application;
    this.kernel = kernel;
    this.views = {
      all: views.all,
      each: attach => views.each(attach),
      get isCurrent() {
        return views.all.has(shell.currentWidget as NotebookPanel);
      },
      currentChanged: shell.currentChanged
    };
  }

  readonly model: INotebookModel;
  readonly sessionContext: ISessionContext;
  readonly commands: CommandRegistry;
  readonly application: IApplicationFacts;
  readonly kernel: IKernelPort;
  readonly views: IViewsPort;

  get rules(): ICaptureRules {
    return this._options.recorder.rules;
  }

  get shownName(): string | undefined {
    return this._session?.student.shown;
  }

  get counts(): ICounts {
    return this._counts;
  }

  /** The session under way, or null while no student is known. */
  get session(): Session | null {
    return this._session;
  }

  set session(session: Session | null) {
    this._session = session;
    this._counts = { cells: new Attempts(), tests: new Attempts() };
  }

  get recorded(): ISignal<this, CatalogEvent> {
    return this._recorded;
  }

  placeOf(cell: { readonly id: string } | string | null): ICellPlace {
    return this._options.cells.place(cell);
  }

  cellIndex(cellId: string): number {
    return this._options.cells.indexOf(cellId);
  }

  work(): void {
    this._session?.work();
  }

  record(event: CapturedEvent): boolean {
    if (!this._session) {
      return false;
    }
    const isAccepted = this._options.recorder.record(this._session, event);
    if (!event.isCustom) {
      this._recorded.emit(event);
    }
    return isAccepted;
  }

  private _session: Session | null = null;
  private _counts: ICounts = { cells: new Attempts(), tests: new Attempts() };
  private readonly _recorded = new Signal<this, CatalogEvent>(this);
}

/** The namespace for TrackerContext statics. */
export namespace TrackerContext {
  /** The recorder, seen from a notebook. */
  export interface IRecorder {
    /** What events may hold, by the settings of the moment. */
    readonly rules: ICaptureRules;
    /**
     * Record an event of a session. Never throws.
     *
     * @returns whether the event was accepted
     */
    record(session: ISession, event: CapturedEvent): boolean;
  }

  /** The part of the application's shell that tells which tab is in front. */
  export interface IShell {
    readonly currentWidget: unknown;
    readonly currentChanged: ISignal<unknown, unknown>;
  }

  /** What a context is made of. */
  export interface IOptions {
    readonly context: DocumentRegistry.IContext<INotebookModel>;
    readonly commands: CommandRegistry;
    readonly application: IApplicationFacts;
    readonly cells: Cells;
    readonly kernel: IKernelPort;
    readonly views: Views;
    readonly shell: IShell;
    readonly recorder: IRecorder;
  }
}
