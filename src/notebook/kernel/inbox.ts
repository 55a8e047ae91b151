import type { Kernel } from '@jupyterlab/services';

/** So long nothing is acknowledged, in milliseconds: many messages are acknowledged at once. */
const GATHER_MS = 250;
/** Of the messages taken last so many are known again: more than a kernel keeps. */
const MAX_TAKEN = 2_000;
/** The longest uuid, and the longest name of an event. */
const LONGEST = 64;

/**
 * What a kernel tells over a Comm, in its order and each event once. The server
 * may drop any message without a word. Hence the kernel numbers them and sends
 * again what is not acknowledged: a message that comes after a gap is left to
 * come again.
 *
 * Code in the kernel may forge each word. An event is known by its uuid, never by
 * its number alone, so that no number keeps another event out.
 */
export class Inbox {
  /** @param _options - the connection, and how to acknowledge over it */
  constructor(private readonly _options: Inbox.IOptions) {}

  /** What has been taken, to be told with something else; nothing where the kernel told nothing. */
  get acknowledgement(): { ack?: number } {
    return this._hasNews ? { ack: this._last } : {};
  }

  /** A new Comm: numbers begin again, while events stay known. */
  begin(): void {
    this._last = 0;
    this._hasNews = this._isDue = false;
    this._stopTimer();
  }

  /**
   * Whether a message is to be read now; not one that is known, nor one after a
   * gap. Messages without a number are those of an older kernel side.
   */
  take(data: Readonly<Record<string, unknown>>): boolean {
    const { number, after, uuid, event } = data;
    if (number === undefined) {
      return typeof uuid !== 'string' || this._isNew(event, uuid);
    }
    if (!isNumber(number) || !isNumber(after) || typeof uuid !== 'string') {
      return false;
    }
    this._hasNews = this._isDue = true;
    this._acknowledgeSoon();
    if (after > this._last) {
      return false;
    }
    if (!this._isNew(event, uuid)) {
      this._last = Math.max(this._last, number);
      return false;
    }
    this._last = number;
    return true;
  }

  /** Acknowledge at once, if the kernel has told anything: it may have waited since. */
  acknowledge(): void {
    this._stopTimer();
    this._isDue = false;
    if (this._hasNews) {
      this._options.send({ ack: this._last });
    }
  }

  /** Before the Comm is closed: acknowledge what is not yet. */
  end(): void {
    if (this._isDue) {
      this.acknowledge();
    }
  }

  /** A kernel that runs cells would hear of it only behind them. */
  private _acknowledgeSoon(): void {
    // A timer that each message began anew would never end in a steady stream.
    this._timer ||= window.setTimeout(() => {
      this._timer = 0;
      if (this._options.status() === 'busy') {
        this._acknowledgeSoon();
      } else {
        this.acknowledge();
      }
    }, GATHER_MS);
  }

  private _stopTimer(): void {
    window.clearTimeout(this._timer);
    this._timer = 0;
  }

  /** The name counts too: some uuids can be told beforehand, each for events of one name. */
  private _isNew(event: unknown, uuid: string): boolean {
    if (typeof event !== 'string' || event.length + uuid.length > 2 * LONGEST) {
      return true;
    }
    const key = `${event} ${uuid}`;
    if (this._taken.has(key)) {
      return false;
    }
    this._taken.add(key);
    if (this._taken.size > MAX_TAKEN) {
      const [oldest] = this._taken;
      this._taken.delete(oldest);
    }
    return true;
  }

  private readonly _taken = new Set<string>();
  private _last = 0;
  private _hasNews = false;
  private _isDue = false;
  private _timer = 0;
}

/** The namespace for Inbox statics. */
export namespace Inbox {
  /** What an inbox is made of. */
  export interface IOptions {
    /** The kernel's status. */
    readonly status: () => Kernel.Status | undefined;
    /** Sends an acknowledgement; never throws. */
    readonly send: (acknowledgement: { ack: number }) => void;
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
