import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { EventName, Properties } from '../events/catalog';
import type { IOrigin } from '../events/payload';
import type { IApplicationFacts, ISession } from '../events/session';
import { Session } from '../events/session';
import type { IStudent } from '../events/student';
import { executionTracker, TRACKERS } from '../trackers';
import { Attempts } from '../trackers/attempts';
import type {
  Captured,
  ICaptureRules,
  ITrackerContext,
  TrackerFactory
} from '../trackers/tracker';
import { CellIndex } from './cellindex';
import { KernelComm } from './kernel/kernelcomm';
import { KernelRestarts } from './kernel/kernelrestarts';
import { Views } from './views';

/**
 * A document that is tracked, however many views it has, for as long as it is
 * flagged and open, or as the kernel is there whose code called for it.
 */
export class NotebookAttachment implements IDisposable {
  constructor(private readonly _options: NotebookAttachment.IOptions) {
    const { context, notebook, isCalled } = _options;
    this._notebook = notebook;
    // First of all: what the others do at a signal depends on what it knows.
    this._restarts = new KernelRestarts(context.sessionContext);
    this._kernelComm = new KernelComm(
      context.sessionContext,
      notebook,
      this._restarts,
      isCalled
    );
    this._kernelComm.settled.connect(() => this._follow());
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The id in the notebook's flag, or that of the call. */
  get notebook(): string {
    return this._notebook;
  }

  /** Go on under another id, in a new session: what runs now is of the new one. */
  set notebook(notebook: string) {
    this._notebook = notebook;
    this._kernelComm.notebook = notebook;
    if (this._session) {
      const { student } = this._session;
      this._stop(factory => factory !== executionTracker);
      this._begin(student);
    }
  }

  /** Whether a call in the kernel is why it is tracked. */
  get isCalled(): boolean {
    return this._options.isCalled;
  }

  get views(): Views {
    return this._views;
  }

  /** The session under way, or null while no student is known. */
  get session(): Session | null {
    return this._session;
  }

  /** Begin a session of this student, after ending another's; null only ends. */
  set student(student: IStudent | null) {
    if (student?.id === this._session?.student.id) {
      return;
    }
    this._end();
    this._student = student;
    this._kernelComm.student = student;
    this._follow();
  }

  /** The page is left: end the session. A student who is told of again is back. */
  leave(): void {
    this._end();
    this._student = null;
    this._kernelComm.leave();
  }

  /** Capture a custom event. Never throws. */
  captureCustom(name: string, properties: unknown): boolean {
    return (
      this._session !== null &&
      this._options.sink.captureCustom(this._session, name, properties)
    );
  }

  /** Before it is disposed: nobody is to track the notebook, its kernel neither. */
  turnOff(): void {
    this._kernelComm.turnOff();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._end();
    this._kernelComm.dispose();
    this._restarts.dispose();
    this._views.dispose();
    Signal.clearData(this);
  }

  /**
   * Begin when it is time: of a notebook that was called for, the kernel reports
   * the runs up to the message that tells it of the student, and this page those
   * after it. Hence in the same turn.
   */
  private _follow(): void {
    const isTime = !this.isCalled || this._kernelComm.isSettled;
    if (this._student && !this._session && isTime) {
      this._begin(this._student);
    }
  }

  private _begin(student: IStudent): void {
    this._session = new Session(student, this.notebook);
    this._cellAttempts = new Attempts();
    this._testAttempts = new Attempts();
    this._cells ??= new CellIndex(this._options.context.model);
    const context = this._trackerContext();
    for (const start of TRACKERS) {
      if (this._trackers.has(start)) {
        continue;
      }
      try {
        this._trackers.set(start, start(context));
      } catch (reason) {
        // One faulty tracker stops neither the others nor the lesson.
        console.error('ipynb-telemetry: a tracker did not start', reason);
      }
    }
  }

  private _trackerContext(): ITrackerContext {
    const { context, shell, sink, commands, application } = this._options;
    const views = this._views;
    const captured = this._captured;
    // Of the session under way: trackers outlive one that goes on under another id.
    const attempts = (): Attempts[] => [this._cellAttempts, this._testAttempts];
    return {
      commands,
      application,
      model: context.model,
      sessionContext: context.sessionContext,
      get rules() {
        return sink.rules;
      },
      views: views.all,
      eachView: attach => views.each(attach),
      get isCurrent() {
        return views.all.has(shell.currentWidget as NotebookPanel);
      },
      currentChanged: shell.currentChanged,
      kernelMessages: this._kernelComm.messages,
      kernelLost: this._restarts.lost,
      isCalled: this.isCalled,
      get cellAttempts() {
        return attempts()[0];
      },
      get testAttempts() {
        return attempts()[1];
      },
      cellIndex: id => this._cells?.of(id) ?? -1,
      capture: (event, properties, origin) => {
        if (this._session) {
          sink.capture(this._session, event, properties, origin);
          captured.emit({ event, properties } as Captured);
        }
      },
      captured,
      captureCustom: (name, properties, origin) =>
        this._session !== null &&
        sink.captureCustom(this._session, name, properties, origin)
    };
  }

  private _end(): void {
    this._stop(() => true);
    this._cells?.dispose();
    this._cells = null;
    this._session = null;
  }

  private _stop(which: (factory: TrackerFactory) => boolean): void {
    for (const [factory, tracker] of [...this._trackers].reverse()) {
      if (!which(factory)) {
        continue;
      }
      this._trackers.delete(factory);
      try {
        tracker.dispose();
      } catch (reason) {
        console.error('ipynb-telemetry: a tracker did not stop', reason);
      }
    }
  }

  private readonly _restarts: KernelRestarts;
  private readonly _kernelComm: KernelComm;
  private readonly _views = new Views();
  /** One for all sessions: a run that ends in the next one is told there. */
  private readonly _captured = new Signal<this, Captured>(this);
  private readonly _trackers = new Map<TrackerFactory, IDisposable>();
  private _cellAttempts = new Attempts();
  private _testAttempts = new Attempts();
  private _notebook: string;
  private _cells: CellIndex | null = null;
  private _student: IStudent | null = null;
  private _session: Session | null = null;
  private _isDisposed = false;
}

/** The namespace for NotebookAttachment statics. */
export namespace NotebookAttachment {
  /** Where events go and under which rules; the delivery, seen from here. */
  export interface ISink {
    readonly rules: ICaptureRules;
    capture<E extends EventName>(
      session: ISession,
      event: E,
      properties: Properties<E>,
      origin?: IOrigin
    ): boolean;
    captureCustom(
      session: ISession,
      name: string,
      properties: unknown,
      origin?: IOrigin
    ): boolean;
  }

  /** The part of the application's shell that tells which tab is in front. */
  export interface IShell {
    readonly currentWidget: unknown;
    readonly currentChanged: ISignal<unknown, unknown>;
  }

  /** What an attachment is made of. */
  export interface IOptions {
    readonly context: DocumentRegistry.IContext<INotebookModel>;
    /** The id in the notebook's flag, or that of the call. */
    readonly notebook: string;
    /** Whether it is tracked because of a call in its kernel. */
    readonly isCalled: boolean;
    readonly commands: CommandRegistry;
    readonly shell: IShell;
    readonly application: IApplicationFacts;
    readonly sink: ISink;
  }
}
