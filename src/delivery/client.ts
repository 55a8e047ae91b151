import type { IClock } from './clock.js';
import { systemClock } from './clock.js';
import { Departure } from './departure.js';
import type { IDeliveryHealth } from './health.js';
import { HealthMonitor } from './health.js';
import { Hearing } from './hearing.js';
import { KeptEvents } from './keptevents.js';
import type { ILibrary, NewEvent } from './newevent.js';
import { complete, LIBRARY } from './newevent.js';
import { Handover } from './outbox/handover.js';
import { Leaving } from './outbox/leaving.js';
import type { IOutbox } from './outbox/outbox.js';
import type { IUndelivered, Rewritten } from './outbox/outboxes.js';
import { Outboxes } from './outbox/outboxes.js';
import type { ILimits } from './outbox/retention.js';
import type { ISpool } from './outbox/spool.js';
import { OutboxWriter } from './outbox/writer.js';
import type { IDeliveryObserver } from './outcomes.js';
import { Outcomes } from './outcomes.js';
import type { ITabs } from './pages/tabs.js';
import { SingleTab } from './pages/tabs.js';
import { Dispatchers } from './sending/dispatchers.js';
import { RelayWatch } from './sending/relay.js';
import type { IEndpoint } from './sending/transport.js';
import { BatchTransport } from './sending/transport.js';
import type { IRow, IWireEvent } from './wire.js';
import { toRow } from './wire.js';

/**
 * Keeps events until a PostHog-compatible place has them: stored first, sent
 * by one page at a time, tried again for as long as it takes.
 */
export class DeliveryClient {
  constructor(private readonly _options: DeliveryClient.IOptions) {
    const { observer = {}, tabs = new SingleTab(), watchesRelay } = _options;
    this._clock = _options.clock ?? systemClock;
    this._tabs = tabs;
    this._outboxes = new Outboxes(_options.outbox ?? null);
    const { durable, memory } = this._outboxes;
    this._monitor = new HealthMonitor({
      outboxes: this._outboxes.all,
      isDurable: durable !== null,
      clock: this._clock,
      idle: () => this._writer.idle(),
      changed: () => observer.changed?.()
    });
    this._outcomes = new Outcomes({
      leaving: this._leaving,
      monitor: this._monitor,
      observer,
      tabs,
      settled: () => this._watch.refresh()
    });
    this._writer = new OutboxWriter({
      clock: this._clock,
      durable,
      memory,
      isUnderWay: uuid => this._dispatchers.isUnderWay(uuid),
      stored: isDurable => this._onStored(isDurable)
    });
    this._handover = new Handover(_options.spool, memory, this._writer);
    this._kept = new KeptEvents({
      handover: this._handover,
      leaving: this._leaving,
      monitor: this._monitor,
      outboxes: this._outboxes,
      outcomes: this._outcomes,
      writer: this._writer
    });
    this._departure = new Departure({
      handover: this._handover,
      leaving: this._leaving,
      mayLeave: _options.mayLeave,
      outboxes: this._outboxes,
      outcomes: this._outcomes,
      tabs,
      transport: () => this._transport,
      writer: this._writer
    });
    this._transport = new BatchTransport(_options, this._clock);
    this._watch = new RelayWatch({
      transport: () => this._transport,
      asks: () =>
        !!this._transport?.isRelay && tabs.isLeading && !!watchesRelay?.(),
      clock: this._clock,
      told: health => this._monitor.relay(health),
      post: answer => tabs.post({ kind: 'relay', answer })
    });
    this._dispatchers = new Dispatchers({
      outboxes: this._outboxes,
      transport: this._transport,
      observer: place => ({
        ...this._outcomes.of(place),
        // A newer version of this package may have changed the disk's format: then
        // the page that runs the newer version can read it.
        unreadable: () => void this._tabs.rest?.().catch(() => undefined)
      }),
      isOwn: row => this._leaving.has(row),
      mayLeave: _options.mayLeave,
      clock: this._clock,
      maxRetries: _options.maxRetries,
      limits: _options.limits
    });
    this._handover.adopt(this._handover.take());
    const hearing = new Hearing({
      departure: this._departure,
      dispatchers: this._dispatchers,
      monitor: this._monitor,
      outcomes: this._outcomes,
      watch: this._watch,
      moved: () => observer.moved?.()
    });
    tabs.onMessage = message => hearing.hear(message);
    tabs.lead({
      start: () => {
        // The page that sent before may have ended before its disk took everything.
        this._departure.takeOver();
        this._dispatchers.lead();
        void this._rewrite();
        this._watch.refresh();
      },
      stop: () => this._dispatchers.follow()
    });
  }

  /** How the delivery fares; the counts are a moment old. */
  get health(): IDeliveryHealth {
    return this._monitor.health;
  }

  /**
   * Send to another place from now on, what waits and what was set aside
   * included. Null: nowhere until there is one, and everything is kept.
   */
  set destination(destination: IEndpoint | null) {
    this._transport =
      destination && new BatchTransport(destination, this._clock);
    this._dispatchers.transport = this._transport;
    // How a relay fares with the new settings is not known yet.
    this._monitor.relay(null);
    this._watch.refresh();
    // The page that sends learns of the move first: asked to send now, that page
    // would still send to the old place.
    this._tabs.post({ kind: 'moved' });
    void this._outboxes.restore().then(() => {
      this.wake();
      this._monitor.refresh();
    });
  }

  /**
   * Keep an event and send it soon.
   *
   * @returns settles when it is stored; never throws or rejects: an event that
   * cannot be written as JSON is told of in the console, and that is all
   */
  capture(event: NewEvent): Promise<void> {
    const { library = LIBRARY } = this._options;
    let row: IRow;
    try {
      row = toRow(complete(event, library, this._clock.now()));
    } catch (reason) {
      console.warn('ipynb-telemetry: an event was not captured', reason);
      return Promise.resolve();
    }
    this._leaving.add(row);
    this._monitor.captured(row.uuid);
    return this._writer.write(row);
  }

  /** Send what waits; settles when that was tried. Another page may be the one that sends. */
  async flush(): Promise<void> {
    await this._writer.idle();
    await this._dispatchers.flush();
  }

  /** How many events wait. */
  async pending(): Promise<number> {
    await this._writer.idle();
    return this._outboxes.countWaiting();
  }

  /** Try again now, also what was refused. */
  async sendNow(): Promise<void> {
    await this._outboxes.restore();
    this._tabs.post({ kind: 'send_now' });
    await this.flush();
    if (this._transport?.isRelay) {
      // The relay is to send, too. A relay that cannot be told may be asked all the same.
      await this._transport.status(true).catch(() => null);
      this._watch.refresh();
    }
    this._monitor.refresh();
  }

  /** The events that are not delivered, to be looked at or saved. */
  undelivered(): Promise<IUndelivered> {
    return this._kept.read();
  }

  /**
   * Give up the events that are meant, those of earlier visits and those that were
   * refused too: none of them is kept here or sent from now on.
   *
   * @returns how many there were
   */
  forget(isMeant: (event: IWireEvent) => boolean): Promise<number> {
    return this._kept.forget(isMeant);
  }

  /**
   * Have events that are not delivered be others from now on, under the same uuids.
   * The page that sends does it: this page, as soon as it is the one.
   *
   * @param rewritten - given all of them, says what some become; null is given up
   */
  async rewrite(rewritten: Rewritten): Promise<void> {
    this._rewritten = rewritten;
    // The page that sends may not know yet that the rules are others.
    this._tabs.post({ kind: 'moved' });
    if (this._tabs.isLeading) {
      await this._rewrite();
    }
  }

  /** The network or the student is back: try at once. */
  wake(): void {
    this._dispatchers.wake();
  }

  /** The student turns away, perhaps for good: store and send what is being gathered, but end no pause. */
  hasten(): void {
    this._writer.hurry();
    this._dispatchers.hasten();
  }

  /**
   * The page is being left: send what fits the browser's allowance, or let the
   * page that sends do so. The events stay stored, since nobody may see the
   * answer: their uuids make two of an event one.
   */
  leave(): void {
    this._departure.leave();
  }

  /** Store the events that were captured, send no more, let go of everything. */
  async close(): Promise<void> {
    await this._writer.idle();
    await Promise.all([this._dispatchers.stop(), this._tabs.close()]);
    this._monitor.close();
    this._outboxes.durable?.close();
  }

  private async _rewrite(): Promise<void> {
    if (this._rewritten) {
      // What is under way may arrive as it was.
      await this._dispatchers.idle();
      await this._kept.rewrite(this._rewritten);
      this.wake();
    }
  }

  private _onStored(isDurable: boolean): void {
    this._dispatchers.notify(isDurable);
    if (isDurable) {
      this._tabs.post({ kind: 'added' });
    }
    this._monitor.stored(isDurable);
  }

  private readonly _clock: IClock;
  private readonly _tabs: ITabs;
  private readonly _outboxes: Outboxes;
  private readonly _leaving = new Leaving();
  private readonly _monitor: HealthMonitor;
  private readonly _outcomes: Outcomes;
  private readonly _writer: OutboxWriter;
  private readonly _handover: Handover;
  private readonly _departure: Departure;
  private readonly _kept: KeptEvents;
  private readonly _watch: RelayWatch;
  private readonly _dispatchers: Dispatchers;
  private _transport: BatchTransport | null;
  private _rewritten: Rewritten | null = null;
}

/** The namespace for DeliveryClient statics. */
export namespace DeliveryClient {
  /** The parts of a client; the host and the key are enough. */
  export interface IOptions extends IEndpoint {
    /** Where events wait. Default: in memory, as long as the program runs. */
    readonly outbox?: IOutbox;
    /** Holds for the next page what a page that is left had not stored. Default: nothing is held. */
    readonly spool?: ISpool;
    /** The other pages with the same outbox. Default: there are none. */
    readonly tabs?: ITabs;
    readonly observer?: IDeliveryObserver;
    /** Whether a relay is asked at the moment how it fares. Default: never. */
    readonly watchesRelay?: () => boolean;
    /**
     * The library that events are said to come from, by `$lib` and
     * `$lib_version`, unless they have a `$lib`. Default: this library. Null: none.
     */
    readonly library?: ILibrary | null;
    /** Default: the system's. */
    readonly clock?: IClock;
    /**
     * After so many attempts that failed it rests until the next event or
     * `flush`; the events are kept. Default: no limit.
     */
    readonly maxRetries?: number;
    /**
     * Whether an event may be sent at the moment. Others wait, and hold up none
     * behind them. Default: all.
     */
    readonly mayLeave?: (row: IRow) => boolean;
    /** How much may wait while nothing is taken. */
    readonly limits?: ILimits;
  }
}
