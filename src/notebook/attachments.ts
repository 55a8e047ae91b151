import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { CapturedEvent } from '../events/payload';
import type { IStudent } from '../events/student';
import { NotebookAttachment } from './attachment';
import { FLAG, flagOf, isTurnedOff } from './flag';

type Context = DocumentRegistry.IContext<INotebookModel>;

/** Under which id a document is tracked, and whether by a call in its kernel. */
interface IOptIn {
  readonly notebook: string;
  readonly course: string;
  readonly isCalled: boolean;
}

/**
 * The documents that are tracked and open. The flag may change while they are,
 * a call may go with its kernel, and one document may have several views.
 */
export class Attachments {
  /** @param _options - what each attachment gets besides its document */
  constructor(
    private readonly _options: Omit<
      NotebookAttachment.IOptions,
      'context' | 'notebook' | 'course' | 'isCalled'
    > & {
      /**
       * Gives the course of a notebook whose flag names none, by its folder.
       * Default: all are of one course.
       */
      readonly courseOf?: (folder: string) => string;
      /** Whether students may be recorded in a course. Default: in all. */
      readonly admits?: (course: string) => boolean;
    }
  ) {}

  /** Emitted when a document is attached or let go, and when it is said whose work is recorded. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get size(): number {
    return this._attachments.size;
  }

  /** The student of all sessions, now and to come. */
  set student(student: IStudent | null) {
    this._student = student;
    for (const attachment of this._attachments.values()) {
      this._admit(attachment);
    }
    if (this.size > 0) {
      this._changed.emit();
    }
  }

  /** The page is left, until a student is set again. */
  leave(): void {
    this._student = null;
    for (const attachment of this._attachments.values()) {
      attachment.leave();
    }
  }

  /** Record an event of every session under way. Never throws. */
  record(event: CapturedEvent): void {
    for (const attachment of this._attachments.values()) {
      attachment.record(event);
    }
  }

  /** The documents that are attached. */
  get all(): Iterable<NotebookAttachment> {
    return this._attachments.values();
  }

  of(panel: NotebookPanel): NotebookAttachment | undefined {
    return this._attachments.get(panel?.context);
  }

  /**
   * Attach to a panel's document as its flag says or else a call did, and follow
   * both: a call holds until the kernel it was made in is shut down or changed
   * for another one. A restart leaves it in force.
   *
   * @param called - the id of a new call; nothing is written into the notebook
   */
  attach(panel: NotebookPanel, called?: string): void {
    const { context } = panel;
    const current = this._attachments.get(context);
    // A flag has the last word, and its id may be that of a file renamed since.
    const isNew = !current || (current.isCalled && called !== undefined);
    const optIn = isNew ? this._optIn(context, called) : current;
    if (!optIn) {
      return;
    }
    const attachment = current ?? this._create(context, optIn);
    if (attachment.notebook !== optIn.notebook) {
      attachment.notebook = optIn.notebook;
    }
    attachment.views.add(panel);
    panel.disposed.connect(this._onPanelDisposed, this);
    this._admit(attachment);
    this._changed.emit();
  }

  /** The opt-in in force: a flag that is well formed, or else the last call. */
  private _optIn(context: Context, called?: string): IOptIn | null {
    const flag = flagOf(context);
    if (flag.enabled) {
      const { notebook, course = this._courseOf(context) } = flag;
      return { notebook, course, isCalled: false };
    }
    const current = this._attachments.get(context);
    const notebook = called ?? (current?.isCalled ? current.notebook : null);
    return notebook === null || isTurnedOff(context)
      ? null
      : { notebook, course: this._courseOf(context), isCalled: true };
  }

  /** A file that is moved while it is open stays of the course that it was of. */
  private _courseOf(context: Context): string {
    const known = this._folders.get(context);
    const folder = known ?? PathExt.dirname(context.localPath);
    this._folders.set(context, folder);
    return this._options.courseOf?.(folder) ?? 'course';
  }

  private _admit(attachment: NotebookAttachment): void {
    const isAdmitted = this._options.admits?.(attachment.course) ?? true;
    attachment.student = isAdmitted ? this._student : null;
  }

  private _create(context: Context, optIn: IOptIn): NotebookAttachment {
    if (optIn.isCalled) {
      // Before the attachment hears of it: another kernel has not called.
      const { sessionContext } = context;
      sessionContext.kernelChanged.connect(this._onKernelChanged, this);
      this._callers.set(context, sessionContext.session?.kernel);
    }
    const attachment = new NotebookAttachment({
      ...this._options,
      ...optIn,
      context
    });
    this._attachments.set(context, attachment);
    context.model.metadataChanged.connect(this._onMetadataChanged, this);
    return attachment;
  }

  private _detach(context: Context): void {
    context.model.metadataChanged.disconnect(this._onMetadataChanged, this);
    context.sessionContext.kernelChanged.disconnect(
      this._onKernelChanged,
      this
    );
    for (const panel of this._attachments.get(context)?.views.all ?? []) {
      panel.disposed.disconnect(this._onPanelDisposed, this);
    }
    this._callers.delete(context);
    this._attachments.get(context)?.dispose();
    this._attachments.delete(context);
    this._changed.emit();
  }

  private _onPanelDisposed(panel: NotebookPanel): void {
    for (const [context, attachment] of this._attachments) {
      attachment.views.remove(panel);
      if (attachment.views.all.size === 0) {
        this._detach(context);
      }
    }
  }

  private _onMetadataChanged(
    model: INotebookModel,
    change: { readonly key: string }
  ): void {
    if (change.key !== FLAG) {
      // A renamed file does not change the id its session goes by, either.
      return;
    }
    for (const [context, attachment] of this._attachments) {
      if (context.model !== model) {
        continue;
      }
      const optIn = this._optIn(context);
      const isSame =
        optIn?.notebook === attachment.notebook &&
        optIn.course === attachment.course &&
        optIn.isCalled === attachment.isCalled;
      if (!isSame) {
        if (!optIn) {
          attachment.turnOff();
        }
        const views = [...attachment.views.all];
        this._detach(context);
        views.forEach(panel => this.attach(panel));
      }
    }
  }

  private _onKernelChanged(): void {
    for (const [context, kernel] of this._callers) {
      // The same one when it was restarted.
      if (context.sessionContext.session?.kernel !== kernel) {
        this._detach(context);
      }
    }
  }

  /** The kernels that called. */
  private readonly _callers = new Map<Context, unknown>();
  private readonly _folders = new WeakMap<Context, string>();
  private readonly _attachments = new Map<Context, NotebookAttachment>();
  private readonly _changed = new Signal<this, void>(this);
  private _student: IStudent | null = null;
}
