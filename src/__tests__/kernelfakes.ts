import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

/** A signal that counts how often anybody heard it, to prove silence. */
export class WatchedSignal<T, U> extends Signal<T, U> {
  heard = 0;

  override connect(
    slot: (sender: T, args: U) => unknown,
    thisArg?: unknown
  ): boolean {
    return super.connect(this._watched(slot), thisArg);
  }

  override disconnect(
    slot: (sender: T, args: U) => unknown,
    thisArg?: unknown
  ): boolean {
    return super.disconnect(this._watched(slot), thisArg);
  }

  private _watched(
    slot: (sender: T, args: U) => unknown
  ): (sender: T, args: U) => void {
    const count = (): void => {
      this.heard++;
    };
    const watched =
      this._slots.get(slot) ??
      function (this: unknown, sender: T, args: U): void {
        count();
        slot.call(this, sender, args);
      };
    this._slots.set(slot, watched);
    return watched;
  }

  private readonly _slots = new Map<unknown, (sender: T, args: U) => void>();
}

/** A kernel whose messages the test writes. */
export class FakeKernel {
  constructor(readonly name = 'python3') {}

  readonly anyMessage = new WatchedSignal<this, Kernel.IAnyMessageArgs>(this);

  /** @returns the id of the request for a cell that JupyterLab sends */
  request(cellId: string): string {
    const id = UUID.uuid4();
    this._emit('send', {
      header: { msg_id: id, msg_type: 'execute_request' },
      metadata: { cellId }
    });
    return id;
  }

  /** The kernel says something of a request. */
  say(
    request: string,
    type: string,
    content: object = {},
    { date = '', started }: { date?: string; started?: string } = {}
  ): void {
    this._emit('recv', {
      header: { msg_id: UUID.uuid4(), msg_type: type, date },
      parent_header: { msg_id: request },
      metadata: { started },
      content
    });
  }

  busy(request: string): void {
    this.say(request, 'status', { execution_state: 'busy' });
    this.say(request, 'execute_input');
  }

  idle(request: string): void {
    this.say(request, 'status', { execution_state: 'idle' });
  }

  private _emit(direction: 'send' | 'recv', msg: object): void {
    this.anyMessage.emit({
      direction,
      msg: msg as unknown as KernelMessage.IMessage
    });
  }
}
