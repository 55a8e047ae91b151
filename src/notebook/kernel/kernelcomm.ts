import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage, KernelSpec } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IStudent } from '../../events/student';
import { readToldValues } from '../../events/toldmessage';
import { toldValues } from '../../events/toldvalues';
import { Comm } from './comm';
import { Inbox } from './inbox';
import { evaluate } from './ipython';
import { KernelArrivals } from './kernelarrivals';
import type { IKernelSettingsSource } from './kernelsettings';
import type { KernelRestarts } from './kernelrestarts';
import { COMM_TARGET, PROTOCOL_VERSION } from './protocol';

/**
 * The talk with the kernel side of one document, in each IPython kernel that the
 * document gets. We open the Comm, so that it lives as
 * long as this object and nothing is registered in the page.
 */
export class KernelComm implements IDisposable {
  /**
   * @param _sessionContext - the document's
   * @param _notebook - the notebook's id
   * @param restarts - those of the document's kernel
   * @param _settings - the settings that the kernel is to hold to
   * @param _course - gives the course that the notebook is of
   * @param isCalled - whether the kernel asked for it, and so is one that
   * need not be asked
   */
  constructor(
    private readonly _sessionContext: ISessionContext,
    private _notebook: string,
    restarts: KernelRestarts,
    private readonly _settings: IKernelSettingsSource,
    private readonly _course: () => string | undefined,
    isCalled = false
  ) {
    _settings.changed.connect(this._onSettingsChanged, this);
    _sessionContext.connectionStatusChanged.connect(
      this._onConnectionChanged,
      this
    );
    this._arrivals = new KernelArrivals({
      sessionContext: _sessionContext,
      restarts,
      isCalled,
      isOpen: () => this._comm?.isDisposed === false,
      arrived: (kernel, code, spec) => this._load(kernel, code, spec),
      lost: () => this._comm?.dispose(),
      gone: () => this._close(),
      settled: () => this._settle()
    });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Emitted with each message of the kernel about runs that this page asked for, in
   * the kernel's order and each once: not validated.
   */
  get messages(): ISignal<this, KernelMessage.ICommMsgMsg> {
    return this._messages;
  }

  /** Whether the kernel knows of the student, or never will. */
  get isSettled(): boolean {
    return this._isSettled;
  }

  /** Emitted once, in the same turn as the kernel was told. */
  get settled(): ISignal<this, void> {
    return this._settled;
  }

  /** Go on under another id. */
  set notebook(notebook: string) {
    this._notebook = notebook;
    this._tell();
  }

  /** Tell the kernel who works, or with null that nothing is tracked. */
  set student(student: IStudent | null) {
    this._student = student;
    this._tell();
  }

  /**
   * The page is left. A page may be shown again, and then tells of the student;
   * until then the kernel looks for another one that reports what runs.
   */
  leave(): void {
    this._student = null;
    this._tell(true);
  }

  /** Before it is disposed: the notebook is not to be tracked, by no one. */
  turnOff(): void {
    this._send({ off: true });
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._arrivals.dispose();
    this._close();
    Signal.clearData(this);
  }

  private _tell(left = false): void {
    this._send({ ...this._facts(), ...(left ? { left } : {}) });
  }

  private _send(data: object): void {
    try {
      if (this._comm && !this._comm.isDisposed) {
        this._comm.send(data);
      }
    } catch {
      // The kernel is gone: the next one is told when it is there.
    }
  }

  private _settle(): void {
    if (!this._isSettled && !this._isDisposed) {
      this._isSettled = true;
      this._settled.emit();
    }
  }

  /** Tell only what is new: every message says again who works. */
  private _onSettingsChanged(): void {
    if (JSON.stringify(this._settings.of(this._course())) !== this._told) {
      this._tell();
    }
  }

  /** Messages may have been lost with the connection. */
  private _onConnectionChanged(
    _: unknown,
    status: Kernel.ConnectionStatus
  ): void {
    if (status === 'connected') {
      this._inbox.acknowledge();
    }
  }

  private _load(
    kernel: Kernel.IKernelConnection,
    code: string,
    spec: KernelSpec.ISpecModel | undefined
  ): void {
    this._close();
    try {
      const comm = this._listen(kernel);
      evaluate(kernel, code, spec)
        .then(({ isAborted, error }) => {
          if (error !== undefined) {
            console.warn(`ipynb-telemetry: the kernel side failed: ${error}`);
          } else if (isAborted && comm === this._comm) {
            // A run before it failed, and all behind that one was dropped.
            this._arrivals.again();
          }
        })
        // The kernel went away first.
        .catch(() => undefined);
      comm.open(COMM_TARGET, this._facts());
    } catch (reason) {
      console.warn('ipynb-telemetry: no kernel side', reason);
    }
  }

  private _listen(kernel: Kernel.IKernelConnection): Comm {
    this._inbox.begin();
    this._comm = new Comm(kernel, message => {
      const data = message.content.data as Record<string, unknown> | undefined;
      if (data?.values !== undefined) {
        // Of no run: a value is a secret whoever asked for the run that has set it.
        this._takeValues(data.values);
        return;
      }
      const { session } = message.parent_header as { session?: string };
      // Messages of an older kernel side have no number, and come to all pages of a
      // kernel: each tells of the runs that it asked for.
      const isOurs =
        data?.number === undefined
          ? !session || session === kernel.clientId
          : data.student === this._student?.id;
      if (isOurs && (!data || this._inbox.take(data))) {
        this._messages.emit(message);
      }
    });
    return this._comm;
  }

  /** The kernel tells values again until it knows that they have come. */
  private _takeValues(told: unknown): void {
    const values = readToldValues(told);
    if (values) {
      toldValues.take(values);
      this._send({ known: values.map(({ digest }) => digest) });
    } else if (!this._hasWarned) {
      this._hasWarned = true;
      console.warn(
        'ipynb-telemetry: kernel messages were dropped: malformed values'
      );
    }
  }

  private _facts(): object {
    const settings = this._settings.of(this._course());
    this._told = JSON.stringify(settings);
    return {
      version: PROTOCOL_VERSION,
      notebook: this._notebook,
      student: this._student && { ...this._student },
      settings,
      salt: toldValues.salt,
      ...this._inbox.acknowledgement
    };
  }

  private _close(): void {
    this._inbox.end();
    this._comm?.close();
    this._comm = null;
  }

  private readonly _messages = new Signal<this, KernelMessage.ICommMsgMsg>(
    this
  );
  private readonly _arrivals: KernelArrivals;
  private readonly _settled = new Signal<this, void>(this);
  private readonly _inbox = new Inbox({
    status: () => this._sessionContext.session?.kernel?.status,
    send: acknowledgement => this._send(acknowledgement)
  });
  private _isSettled = false;
  private _comm: Comm | null = null;
  private _student: IStudent | null = null;
  /** The settings that were told last, as JSON. */
  private _told = '';
  private _hasWarned = false;
  private _isDisposed = false;
}
