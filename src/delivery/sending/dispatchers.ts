import type { IClock } from '../clock.js';
import type { IOutbox } from '../outbox/outbox.js';
import type { Outboxes } from '../outbox/outboxes.js';
import type { ILimits } from '../outbox/retention.js';
import type { IRow } from '../wire.js';
import type { IDispatcherObserver } from './observer.js';
import { Dispatcher } from './dispatcher.js';
import type { IEventTransport } from './transport.js';

/**
 * The dispatcher of the disk, which one of the pages that share it runs, and
 * the dispatcher of this page's memory, driven as one.
 */
export class Dispatchers {
  constructor(private readonly _options: Dispatchers.IOptions) {
    const { durable, memory } = _options.outboxes;
    this._shared = durable && this._make(durable, 'disk');
    this._own = this._make(memory, 'memory');
    // Only this page can send what is in its memory, whichever page leads.
    this._own.start();
  }

  /** Send to another place from now on, what is waiting included; null: to none. */
  set transport(transport: IEventTransport | null) {
    this._all.forEach(dispatcher => {
      dispatcher.transport = transport;
    });
  }

  /** Send what is on the disk, too: this page is the one that does. */
  lead(): void {
    this._shared?.start();
  }

  /** Leave the disk to another page; settles when nothing of it is under way any more. */
  async follow(): Promise<void> {
    await this._shared?.stop();
  }

  /** Whether an event is being sent from memory. */
  isUnderWay(uuid: string): boolean {
    return this._own.isUnderWay(uuid);
  }

  /** Events were added, to the disk or to memory: send them soon. */
  notify(isDurable: boolean): void {
    (isDurable ? this._shared : this._own)?.notify();
  }

  /** Try now, whatever the pause. */
  wake(): void {
    this._all.forEach(dispatcher => dispatcher.wake());
  }

  /** Send now what is being gathered. A pause stands. */
  hasten(): void {
    this._all.forEach(dispatcher => void dispatcher.hasten());
  }

  /** Settles when everything that is under way has been answered. */
  async idle(): Promise<void> {
    await Promise.all(this._all.map(dispatcher => dispatcher.idle()));
  }

  /** Send what is waiting now; settles when that was tried. */
  async flush(): Promise<void> {
    await Promise.all(this._all.map(dispatcher => dispatcher.flush()));
  }

  /** Send no more of what is in memory. */
  async stop(): Promise<void> {
    await this._own.stop();
  }

  private get _all(): Dispatcher[] {
    return this._shared ? [this._own, this._shared] : [this._own];
  }

  private _make(outbox: IOutbox, place: 'disk' | 'memory'): Dispatcher {
    const { observer, ...options } = this._options;
    return new Dispatcher({
      ...options,
      outbox,
      observer: observer(place)
    });
  }

  private readonly _own: Dispatcher;
  private readonly _shared: Dispatcher | null;
}

/** The namespace for Dispatchers statics. */
export namespace Dispatchers {
  /** The parts and limits of both dispatchers. */
  export interface IOptions {
    readonly outboxes: Outboxes;
    /** Null: nothing is sent until there is one. */
    readonly transport: IEventTransport | null;
    /** @returns whom the dispatcher of that place tells */
    readonly observer: (place: 'disk' | 'memory') => IDispatcherObserver;
    readonly clock: IClock;
    /** Whether this page made a row, just as it is. */
    readonly isOwn?: (row: IRow) => boolean;
    /** Whether a row may be sent at the moment. Default: all. */
    readonly mayLeave?: (row: IRow) => boolean;
    /** After so many attempts that failed a dispatcher rests. Default: no limit. */
    readonly maxRetries?: number;
    /** How much may wait while nothing is taken. */
    readonly limits?: ILimits;
  }
}
