import type { KernelMessage } from '@jupyterlab/services';

/** The parts of an `execute_reply` that matter here, whatever its status. */
interface IReply {
  readonly status: string;
  readonly execution_count?: unknown;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: unknown;
}

/**
 * How long a run waited and how long the kernel was at it, from the kernel's
 * own messages: JupyterLab's signals tell of the queue only, and `recordTiming`
 * is off by default and changes the notebook's metadata.
 */
export class KernelTiming {
  get isSent(): boolean {
    return this._messageId !== null;
  }

  get hasStarted(): boolean {
    return this._startedAt !== null;
  }

  /** The kernel's reply, once it came. */
  get reply(): IReply | null {
    return this._reply;
  }

  /** The kernel's count, or null when the kernel did not say. */
  get executionCount(): number | null {
    return this._reply?.status === 'aborted'
      ? null
      : asCount(this._reply?.execution_count);
  }

  isOf(messageId: string): boolean {
    return this._messageId === messageId;
  }

  sent(request: KernelMessage.IMessage): void {
    this._messageId = request.header.msg_id;
  }

  /**
   * Take a message whose parent is our request.
   *
   * @returns whether the kernel has said all it will of this run
   */
  received(message: KernelMessage.IMessage): boolean {
    switch (message.header.msg_type) {
      case 'status': {
        const state = (message.content as { execution_state?: string })
          .execution_state;
        if (state === 'busy') {
          this._busyAt = performance.now();
        }
        this._isIdle ||= state === 'idle';
        break;
      }
      case 'execute_input':
        // An aborted request makes the kernel busy too; only one that is
        // carried out is echoed.
        this._startedAt = this._busyAt ?? performance.now();
        break;
      case 'execute_reply':
        this._repliedAt = performance.now();
        this._reply = message.content as IReply;
        this._kernelMs = kernelTime(message);
        if (this._reply.status !== 'aborted') {
          // A server that limits its output may have left out the echo.
          this._startedAt ??= this._busyAt ?? this._repliedAt;
        }
        break;
    }
    return this._isIdle && this._reply !== null;
  }

  /**
   * @param unreached - whether the kernel never carried it out
   * @param previousEnd - when the run before it ended, on `performance.now()`:
   * the best there is for a kernel or an executor that shows no messages
   * @returns milliseconds; the sum is never more than what passed
   */
  finish(
    unreached: boolean,
    previousEnd: number
  ): { duration_ms: number; queued_ms: number } {
    const end = this._repliedAt ?? performance.now();
    if (unreached || (this.isSent && this._startedAt === null)) {
      return { duration_ms: 0, queued_ms: round(end - this._scheduledAt) };
    }
    const started = this._startedAt ?? Math.max(this._scheduledAt, previousEnd);
    const duration = this._kernelMs ?? end - started;
    return {
      duration_ms: round(duration),
      queued_ms: round(started - this._scheduledAt)
    };
  }

  private readonly _scheduledAt = performance.now();
  private _messageId: string | null = null;
  private _busyAt: number | null = null;
  private _startedAt: number | null = null;
  private _repliedAt: number | null = null;
  private _kernelMs: number | null = null;
  private _reply: IReply | null = null;
  private _isIdle = false;
}

/** @returns a count as it is, or null for anything else that a kernel or a file holds */
export function asCount(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : null;
}

/** The time between the kernel's own start and end, both on the kernel's clock. */
function kernelTime(reply: KernelMessage.IMessage): number | null {
  const { started } = reply.metadata;
  if (typeof started !== 'string') {
    return null;
  }
  const took = Date.parse(reply.header.date) - Date.parse(started);
  return took >= 0 ? took : null;
}

function round(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
