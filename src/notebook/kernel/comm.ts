import type { Kernel } from '@jupyterlab/services';
import { KernelMessage } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/**
 * This end of a Comm. `kernel.createComm` would not do: of several connections
 * of a page to one kernel (a second notebook, a console) JupyterLab lets only
 * the first have Comms.
 */
export class Comm implements IDisposable {
  /**
   * @param _kernel - the connection to speak over
   * @param _onMessage - takes what the kernel says
   */
  constructor(
    private readonly _kernel: Kernel.IKernelConnection,
    private readonly _onMessage: (message: KernelMessage.ICommMsgMsg) => void
  ) {
    _kernel.iopubMessage.connect(this._onIOPub, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** @throws when the kernel is gone */
  open(target: string, data: object): void {
    this._send('comm_open', { target_name: target, data });
  }

  /** @throws when the kernel is gone */
  send(data: object): void {
    this._send('comm_msg', { data });
  }

  /** Tell the kernel that nobody listens any more. */
  close(): void {
    if (this._isDisposed) {
      return;
    }
    this.dispose();
    try {
      this._send('comm_close', { data: {} });
    } catch {
      // The kernel is gone and its Comms with it.
    }
  }

  /** Hear nothing more, and say nothing of it. */
  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _send(
    msgType: 'comm_open' | 'comm_msg' | 'comm_close',
    content: object
  ): void {
    const { username, clientId } = this._kernel;
    this._kernel.sendShellMessage(
      KernelMessage.createMessage({
        msgType,
        channel: 'shell',
        username,
        session: clientId,
        content: { comm_id: this._id, ...content }
      } as KernelMessage.IOptions<KernelMessage.ICommMsgMsg<'shell'>>)
    );
  }

  private _onIOPub(_: unknown, message: KernelMessage.IIOPubMessage): void {
    if (
      KernelMessage.isCommMsgMsg(message) &&
      message.content.comm_id === this._id
    ) {
      this._onMessage(message);
    } else if (
      KernelMessage.isCommCloseMsg(message) &&
      message.content.comm_id === this._id
    ) {
      this.dispose();
    }
  }

  private readonly _id = UUID.uuid4();
  private _isDisposed = false;
}
