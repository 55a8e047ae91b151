import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * Restarts of a document's kernel that this page did not ask for: another
 * browser tab or a console did. JupyterLab says `restarting` only where it was
 * asked to; the kernel itself tells everybody.
 *
 * Each kernel process puts a session id of its own into what it says. A process
 * that is to end still says a word or two after it has told so.
 */
export class KernelRestarts implements IDisposable {
  constructor(sessionContext: ISessionContext) {
    sessionContext.statusChanged.connect(this._onStatusChanged, this);
    sessionContext.kernelChanged.connect(this._onKernelChanged, this);
    sessionContext.session?.kernel?.anyMessage.connect(this._onMessage, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the process that speaks is about to end. */
  get isEnding(): boolean {
    return this._isEnding;
  }

  /** Emitted when the process is gone, or as good as. */
  get lost(): ISignal<this, void> {
    return this._lost;
  }

  /** Emitted when a process is there again after `isEnding`. */
  get back(): ISignal<this, void> {
    return this._back;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onMessage(_: unknown, args: Kernel.IAnyMessageArgs): void {
    const { header, parent_header, content } =
      args.msg as KernelMessage.IMessage;
    const { session, msg_id } = parent_header as Record<string, unknown>;
    // The first status of a process may be lost. Its answers count too and, when a
    // process is expected, what it prints by itself: else the server prints in its
    // name.
    const isWord =
      /^status$|_reply$/.test(header.msg_type) ||
      (this._isEnding && header.msg_type === 'stream' && !msg_id);
    if (
      args.direction === 'send' ||
      !isWord ||
      // Two channels may carry a last word and a first one in any order.
      header.session === this._ended ||
      // Some kernels put into what they say the session of whoever asked.
      header.session === session
    ) {
      return;
    }
    const { restart, execution_state } = content as Record<string, unknown>;
    if (execution_state === 'restarting' || execution_state === 'dead') {
      // The server says so, and JupyterLab passes it on.
      return;
    }
    if (this._process !== null && this._process !== header.session) {
      this._ended = this._process;
      // The process before may have been killed without a word.
      this._end();
      this._begin();
    }
    this._process = header.session;
    if (header.msg_type === 'shutdown_reply' && restart === true) {
      this._end();
    }
  }

  private _onStatusChanged(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting') {
      // Asked for here: whoever cares has heard of it.
      this._isEnding = true;
    } else if (status === 'starting' || status === 'autorestarting') {
      this._forget();
    }
  }

  private _onKernelChanged(
    _: unknown,
    { oldValue, newValue }: { oldValue?: unknown; newValue?: unknown }
  ): void {
    if (oldValue !== newValue) {
      (oldValue as Kernel.IKernelConnection | null)?.anyMessage.disconnect(
        this._onMessage,
        this
      );
      (newValue as Kernel.IKernelConnection | null)?.anyMessage.connect(
        this._onMessage,
        this
      );
    }
    this._forget();
  }

  private _end(): void {
    if (!this._isEnding) {
      this._isEnding = true;
      this._lost.emit();
    }
  }

  private _begin(): void {
    if (this._isEnding) {
      this._isEnding = false;
      this._back.emit();
    }
  }

  /** The next process is not the successor of one that this page knows. */
  private _forget(): void {
    this._isEnding = false;
    this._process = null;
  }

  private readonly _lost = new Signal<this, void>(this);
  private readonly _back = new Signal<this, void>(this);
  /** The session id of the process that spoke last. */
  private _process: string | null = null;
  /** The session id of the process before. */
  private _ended: string | null = null;
  private _isEnding = false;
  private _isDisposed = false;
}
