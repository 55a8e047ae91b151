import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { CapturedEvent } from '../events/payload';
import type { IApplicationFacts } from '../events/session';
import { Session } from '../events/session';
import type { IStudent } from '../events/student';
import { TRACKERS } from '../trackers';
import type { ITracker } from '../trackers/tracker';
import { Cells } from './cells';
import { KernelComm } from './kernel/kernelcomm';
import type { IKernelSettingsSource } from './kernel/kernelsettings';
import { KernelRestarts } from './kernel/kernelrestarts';
import { TrackerContext } from './trackercontext';
import { Views } from './views';

/**
 * A document that is tracked, however many views it has, for as long as it is
 * flagged and open, or as the kernel is there whose code called for it.
 */
export class NotebookAttachment implements IDisposable {
  constructor(private readonly _options: NotebookAttachment.IOptions) {
    const { context, notebook, isCalled } = _options;
    this._notebook = notebook;
    // The restarts come first: what the others do at a signal depends on them.
    this._restarts = new KernelRestarts(context.sessionContext);
    this._kernelComm = new KernelComm(
      context.sessionContext,
      notebook,
      this._restarts,
      _options.kernelSettings,
      () => this.session?.course,
      isCalled
    );
    // A notebook without a flag is not written to.
    this._cells = new Cells(context, !isCalled);
    this._context = new TrackerContext({
      ..._options,
      cells: this._cells,
      kernel: {
        messages: this._kernelComm.messages,
        lost: this._restarts.lost,
        isCalled
      },
      views: this._views
    });
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
    if (this.session) {
      const { student } = this.session;
      this._stop(tracker => !tracker.outlivesSession);
      this._begin(student);
    }
  }

  /** The course in the notebook's flag, or that of its folder. */
  get course(): string {
    return this._options.course;
  }

  /** Whether a call in the kernel is why the document is tracked. */
  get isCalled(): boolean {
    return this._options.isCalled;
  }

  get views(): Views {
    return this._views;
  }

  /** The session under way, or null while no student is known. */
  get session(): Session | null {
    return this._context.session;
  }

  /** Begin a session of this student, after ending another's; null only ends. */
  set student(student: IStudent | null) {
    if (student?.id === this.session?.student.id) {
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

  /** Record an event of the session under way. Never throws. */
  record(event: CapturedEvent): boolean {
    return this._context.record(event);
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
    this._cells.dispose();
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
    if (this._student && !this.session && isTime) {
      this._begin(this._student);
    }
  }

  private _begin(student: IStudent): void {
    this._context.session = new Session(
      student,
      this.notebook,
      PathExt.basename(this._options.context.localPath),
      this.course
    );
    for (const tracker of TRACKERS) {
      if (this._running.has(tracker)) {
        continue;
      }
      try {
        this._running.set(tracker, tracker.start(this._context));
      } catch (reason) {
        // One faulty tracker stops neither the others nor the lesson.
        console.error('ipynb-telemetry: a tracker did not start', reason);
      }
    }
  }

  private _end(): void {
    this._stop(() => true);
    this._context.session = null;
  }

  private _stop(which: (tracker: ITracker) => boolean): void {
    for (const [tracker, running] of [...this._running].reverse()) {
      if (!which(tracker)) {
        continue;
      }
      this._running.delete(tracker);
      try {
        running.dispose();
      } catch (reason) {
        console.error('ipynb-telemetry: a tracker did not stop', reason);
      }
    }
  }

  private readonly _restarts: KernelRestarts;
  private readonly _kernelComm: KernelComm;
  private readonly _cells: Cells;
  private readonly _views = new Views();
  /** The context of all sessions: a run that ends in the next session is told there. */
  private readonly _context: TrackerContext;
  private readonly _running = new Map<ITracker, IDisposable>();
  private _notebook: string;
  private _student: IStudent | null = null;
  private _isDisposed = false;
}

/** The namespace for NotebookAttachment statics. */
export namespace NotebookAttachment {
  /** What an attachment is made of. */
  export interface IOptions {
    readonly context: DocumentRegistry.IContext<INotebookModel>;
    /** The id in the notebook's flag, or that of the call. */
    readonly notebook: string;
    /** The course in the notebook's flag, or that of its folder. */
    readonly course: string;
    /** Whether the document is tracked because of a call in its kernel. */
    readonly isCalled: boolean;
    readonly commands: CommandRegistry;
    readonly shell: TrackerContext.IShell;
    readonly application: IApplicationFacts;
    readonly kernelSettings: IKernelSettingsSource;
    readonly recorder: TrackerContext.IRecorder;
  }
}
