import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';
import { WatchedSignal } from '../../kernelfakes';

/** The page's end of a Comm that the kernel opened, and what was sent from it. */
export class Comm {
  readonly sent: unknown[] = [];
  isDisposed = false;
  onMsg: (message: object) => unknown = () => undefined;

  send(data: unknown): void {
    this.sent.push(data);
  }
  close(): void {
    this.isDisposed = true;
  }
}

/** The kernel's end of a Comm, and what reached it. */
export class KernelEnd {
  constructor(
    readonly id: string,
    readonly target: string
  ) {}

  readonly got: unknown[] = [];
  isClosed = false;
}

type OpenCallback = (comm: Comm, message: object) => void;

/** A request to execute something. */
export interface IRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly user_expressions?: { readonly ipynb_telemetry: string };
}

/** A kernel that takes requests and Comms. */
export class CommKernel {
  readonly clientId = 'this page';
  readonly username = '';
  /** As of a connection that came after another of this page. */
  readonly handleComms = false;
  readonly requests: IRequest[] = [];
  /** The kernel's answers, in order; the last one is given for ever. */
  answers: object[] = [{ status: 'ok' }];
  /** The implementation that the kernel names in its `kernel_info_reply`. */
  info: Promise<{ implementation: string }> = Promise.resolve({
    implementation: 'ipython'
  });
  readonly comms: KernelEnd[] = [];
  /** The targets that are registered in the page, and for whom. */
  readonly registered: [target: string, callback: OpenCallback][] = [];
  readonly iopubMessage = new WatchedSignal<this, KernelMessage.IIOPubMessage>(
    this
  );
  readonly anyMessage = new WatchedSignal<this, Kernel.IAnyMessageArgs>(this);
  isDisposed = false;
  isGone = false;
  status = 'idle';

  /** How the silent request ended, unless by an answer. */
  done: Promise<object> | null = null;

  constructor(readonly name = 'python3') {}

  registerCommTarget(target: string, callback: OpenCallback): void {
    this.registered.push([target, callback]);
  }
  removeCommTarget(target: string, callback: OpenCallback): void {
    const place = this.registered.findIndex(
      known => known[0] === target && known[1] === callback
    );
    this.registered.splice(place, place < 0 ? 0 : 1);
  }

  /** The kernel opens a Comm, within a run that a page asked for. */
  call(data: unknown, session: unknown = this.clientId): Comm {
    const comm = new Comm();
    const message = { content: { data }, parent_header: { session } };
    for (const [, callback] of this.registered) {
      callback(comm, message);
    }
    return comm;
  }

  /** The one opened last. */
  get comm(): KernelEnd {
    return this.comms[this.comms.length - 1];
  }

  requestExecute(request: IRequest): object {
    this.requests.push(request);
    const [content] = this.answers;
    if (this.answers.length > 1) {
      this.answers.shift();
    }
    return { done: this.done ?? Promise.resolve({ content }) };
  }

  sendShellMessage({ header, content }: KernelMessage.IShellMessage): void {
    if (this.isGone) {
      throw new Error('gone');
    }
    const { comm_id, target_name, data } = content as Record<string, unknown>;
    if (header.msg_type === 'comm_open') {
      this.comms.push(new KernelEnd(comm_id as string, target_name as string));
    }
    const comm = this.comms.find(({ id }) => id === comm_id);
    if (!comm || comm.isClosed || header.session !== this.clientId) {
      throw new Error(`${header.msg_type} on no Comm`);
    }
    if (header.msg_type === 'comm_close') {
      comm.isClosed = true;
    } else {
      comm.got.push(data);
    }
  }

  /**
   * The kernel says something to all its front ends.
   *
   * @param parent - header of the request it is about
   */
  say(
    msg_type: string,
    content: object,
    { parent = {}, session = 'kernel 1' } = {}
  ): KernelMessage.IIOPubMessage {
    const msg = {
      channel: 'iopub',
      header: { msg_id: UUID.uuid4(), msg_type, session },
      parent_header: parent,
      metadata: {},
      content
    } as unknown as KernelMessage.IIOPubMessage;
    this.anyMessage.emit({ msg, direction: 'recv' });
    this.iopubMessage.emit(msg);
    return msg;
  }
}
