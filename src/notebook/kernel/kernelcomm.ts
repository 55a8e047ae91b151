import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IStudent } from '../../events/student';
import { Comm } from './comm';
import { loadInstallCode } from './kernelcode';
import type { KernelRestarts } from './kernelrestarts';
import { COMM_TARGET, PROTOCOL_VERSION } from './protocol';

/**
 * The kernel side of one document: loads `bootstrap.py` into each Python kernel
 * the document gets, and talks with it. We open the Comm, so that it lives as
 * long as this object and nothing is registered in the page.
 */
export class KernelComm implements IDisposable {
  /**
   * @param _sessionContext - the document's
   * @param _notebook - the notebook's id
   * @param _restarts - those of the document's kernel
   * @param _isCalled - whether the kernel asked for it, and so is one that
   * speaks Python whatever is known of it here
   */
  constructor(
    private readonly _sessionContext: ISessionContext,
    private _notebook: string,
    private readonly _restarts: KernelRestarts,
    private readonly _isCalled = false
  ) {
    _restarts.lost.connect(this._onLost, this);
    _restarts.back.connect(this._onBack, this);
    _sessionContext.kernelChanged.connect(this._onKernelChanged, this);
    _sessionContext.statusChanged.connect(this._onStatusChanged, this);
    // Got while the kernel starts.
    Promise.all([loadInstallCode(), _sessionContext.specsManager.ready])
      .then(([installCode]) => {
        this._installCode = installCode;
        this._connect();
        this._settle();
      })
      .catch(reason => {
        console.warn('ipynb-telemetry: no kernel side', reason);
        this._settle();
      });
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Emitted with each message of the kernel about runs that this page asked for: not validated. */
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

  private _onKernelChanged(
    _: unknown,
    { oldValue, newValue }: { oldValue?: unknown; newValue?: unknown }
  ): void {
    if (oldValue === newValue && this._comm && !this._comm.isDisposed) {
      // The end of a restart, from which the status has already led here.
      return;
    }
    this._close();
    this._connect();
  }

  private _onStatusChanged(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._onLost();
    } else {
      this._onBack();
    }
  }

  private _onLost(): void {
    this._loaded = false;
    // The other end goes with the process.
    this._comm?.dispose();
  }

  private _onBack(): void {
    // A process that is about to end would take the code with it.
    if (!this._loaded && !this._restarts.isEnding) {
      this._connect();
    }
  }

  /**
   * Load and open in the same turn as the kernel is there: the run that a
   * student started it with comes right after.
   */
  private _connect(): void {
    const kernel = this._sessionContext.session?.kernel;
    if (this._isDisposed || !kernel || kernel.isDisposed) {
      return;
    }
    if (this._installCode === null || kernel.status === 'dead') {
      return;
    }
    this._loaded = true;
    const { specs } = this._sessionContext.specsManager;
    const language = specs?.kernelspecs[kernel.name]?.language;
    if (!this._isCalled && language !== 'python') {
      return;
    }
    try {
      this._load(kernel, this._installCode);
    } catch (reason) {
      console.warn('ipynb-telemetry: no kernel side', reason);
    }
  }

  private _load(kernel: Kernel.IKernelConnection, code: string): void {
    this._close();
    const install = kernel.requestExecute({
      code,
      silent: true,
      store_history: false,
      stop_on_error: false,
      allow_stdin: false
    });
    const comm = new Comm(kernel, message => {
      // Two pages may share a kernel: each tells of the runs it asked for.
      const { session } = message.parent_header as { session?: string };
      if (!session || session === kernel.clientId) {
        this._messages.emit(message);
      }
    });
    this._comm = comm;
    install.done
      .then(({ content }) => {
        if (content.status === 'error') {
          console.warn(
            `ipynb-telemetry: the kernel side failed: ${content.ename}: ${content.evalue}`
          );
        } else if (content.status !== 'ok' && comm === this._comm) {
          // A run before it failed, and all behind that one was dropped.
          this._connect();
        }
      })
      // The kernel went away first.
      .catch(() => undefined);
    comm.open(COMM_TARGET, this._facts());
  }

  private _facts(): {
    version: number;
    notebook: string;
    student: { id: string; name: string } | null;
  } {
    return {
      version: PROTOCOL_VERSION,
      notebook: this._notebook,
      student: this._student && { ...this._student }
    };
  }

  private _close(): void {
    this._comm?.close();
    this._comm = null;
  }

  private readonly _messages = new Signal<this, KernelMessage.ICommMsgMsg>(
    this
  );
  private readonly _settled = new Signal<this, void>(this);
  private _isSettled = false;
  private _installCode: string | null = null;
  private _comm: Comm | null = null;
  private _student: IStudent | null = null;
  private _loaded = false;
  private _isDisposed = false;
}
