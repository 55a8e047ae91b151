import { uuid7 } from '../events/uuid.js';
import type { IClock } from './clock.js';
import { systemClock } from './clock.js';
import type { IDeliveryHealth } from './health.js';
import { HealthMonitor, isAnswer } from './health.js';
import { Leaving } from './outbox/leaving.js';
import type { IOutbox, ISetAside } from './outbox/outbox.js';
import { ALL, MemoryOutbox } from './outbox/outbox.js';
import type { ILimits } from './outbox/retention.js';
import type { ISpool } from './outbox/spool.js';
import { OutboxWriter } from './outbox/writer.js';
import type { ITabs, TabMessage } from './pages/tabs.js';
import { SingleTab } from './pages/tabs.js';
import type { IDispatcherObserver } from './sending/dispatcher.js';
import { Dispatcher } from './sending/dispatcher.js';
import { RelayWatch } from './sending/relay.js';
import type { IEndpoint } from './sending/transport.js';
import { BatchTransport } from './sending/transport.js';
import type { IRow, IWireEvent } from './wire.js';
import { fromRows, toRow } from './wire.js';

/** An event to be sent; what is left out is made up. */
export type NewEvent = Pick<IWireEvent, 'event' | 'distinct_id'> &
  Partial<IWireEvent>;

/** What becomes of events, told as it happens. */
export interface IDeliveryObserver {
  /** These are at the other end. */
  delivered?(uuids: ReadonlyArray<string>): void;
  /** The other end will not take this one, and said why; it is kept apart. */
  setAside?(uuid: string, reason: string): void;
  /** Too many wait, or were refused: these, the oldest, are given up. */
  dropped?(uuids: ReadonlyArray<string>): void;
  /** The same as events, and in one page only: the one to tell of the loss. */
  lost?(events: ReadonlyArray<IWireEvent>): void;
  /** `health` changed. */
  changed?(): void;
  /** Another page was told of another destination: this one sends to the old one. */
  moved?(): void;
}

/** What was not delivered, and of what was refused the reason. */
export interface IUndelivered {
  readonly waiting: ReadonlyArray<IWireEvent>;
  readonly setAside: ReadonlyArray<{
    readonly event: IWireEvent;
    readonly reason: string;
  }>;
}

/**
 * Keeps events until a PostHog-compatible place has them: stored first, sent
 * by one page at a time, tried again for as long as it takes.
 */
export class DeliveryClient {
  constructor(private readonly _options: DeliveryClient.IOptions) {
    const { outbox, observer = {}, tabs = new SingleTab() } = _options;
    this._clock = _options.clock ?? systemClock;
    this._durable = outbox ?? null;
    this._outboxes = outbox ? [outbox, this._memory] : [this._memory];
    this._observer = observer;
    this._tabs = tabs;
    this._monitor = new HealthMonitor({
      outboxes: this._outboxes,
      isDurable: outbox !== undefined,
      clock: this._clock,
      idle: () => this._writer.idle(),
      changed: () => observer.changed?.()
    });
    this._writer = new OutboxWriter({
      clock: this._clock,
      durable: this._durable,
      memory: this._memory,
      isUnderWay: uuid => this._own.isUnderWay(uuid),
      stored: isDurable => this._onStored(isDurable)
    });
    this._transport = new BatchTransport(_options, this._clock);
    this._watch = new RelayWatch({
      transport: () => this._transport,
      asks: () =>
        !!this._transport?.isRelay &&
        tabs.isLeading &&
        !!_options.watchesRelay?.(),
      clock: this._clock,
      told: health => this._monitor.relay(health),
      post: answer => tabs.post({ kind: 'relay', answer })
    });
    // What is in memory only this page can send, whichever leads.
    this._own = this._makeDispatcher(this._memory);
    this._own.start();
    this._shared = this._durable && this._makeDispatcher(this._durable);
    this._adopt(_options.spool?.take() ?? []);
    tabs.onMessage = message => this._onMessage(message);
    tabs.lead({
      start: () => {
        this._shared?.start();
        this._watch.refresh();
      },
      stop: async () => this._shared?.stop()
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
    this._own.transport = this._transport;
    if (this._shared) {
      this._shared.transport = this._transport;
    }
    // How it is there is not known yet.
    this._monitor.relay(null);
    // Whoever sends learns where to: asked to send now, it would to the old place.
    this._tabs.post({ kind: 'moved' });
    void this._each(outbox => outbox.restore()).then(() => {
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
    let row: IRow;
    try {
      row = toRow({
        ...event,
        uuid: event.uuid ?? uuid7(),
        timestamp: event.timestamp ?? new Date(this._clock.now()).toISOString(),
        properties: event.properties ?? {}
      });
    } catch (reason) {
      console.warn('ipynb-telemetry: an event was not captured', reason);
      return Promise.resolve();
    }
    this._leaving.add(row);
    this._monitor.captured();
    return this._writer.write(row);
  }

  /** Send what waits; settles when that was tried. Another page may be the one that sends. */
  async flush(): Promise<void> {
    await this._writer.idle();
    await Promise.all([this._own.flush(), this._shared?.flush()]);
  }

  /** How many events wait. */
  async pending(): Promise<number> {
    await this._writer.idle();
    const counts = await this._each(outbox => outbox.counts());
    return counts.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Try again now, also what was refused. */
  async sendNow(): Promise<void> {
    await this._each(outbox => outbox.restore());
    this._tabs.post({ kind: 'send_now' });
    await this.flush();
    if (this._transport?.isRelay) {
      // What waits there, too. One that cannot be told may be asked all the same.
      await this._transport.status(true).catch(() => null);
      this._watch.refresh();
    }
    this._monitor.refresh();
  }

  /** What is not delivered, to be looked at or saved. */
  async undelivered(): Promise<IUndelivered> {
    await this._writer.idle();
    const waiting = await this._each(outbox => outbox.peek(ALL));
    const asides = await this._each(outbox => outbox.asides());
    return {
      waiting: fromRows(waiting.flat()),
      setAside: asides
        .flat()
        .flatMap((row: ISetAside) =>
          fromRows([row]).map(event => ({ event, reason: row.reason }))
        )
    };
  }

  /** The network or the student is back: try at once. */
  wake(): void {
    this._own.wake();
    this._shared?.wake();
  }

  /** The student turns away, perhaps for good: store and send what is being gathered, but end no pause. */
  hasten(): void {
    this._writer.hurry();
    void this._own.hasten();
    void this._shared?.hasten();
  }

  /**
   * The page is being left: send what fits the browser's allowance, or let the
   * page that sends do so. It stays stored, since nobody may see the answer:
   * uuids make two of it one.
   */
  leave(): void {
    this._hold();
    this._writer.hurry();
    const rows = this._leaving.fitting();
    if (rows.length === 0) {
      return;
    }
    // What is in this page's memory only, the whole browser may be closed with.
    if (this._writer.isDurable && !this._tabs.isLeading) {
      this._tabs.post({ kind: 'left', rows });
      return;
    }
    void this._transport?.send(rows, true).then(async ({ status }) => {
      // The page may have been kept after all.
      if (status === 'accepted') {
        await this._writer.idle();
        const uuids = rows.map(({ uuid }) => uuid);
        const there = await this._each(outbox => outbox.remove(uuids));
        this._tellDelivered(there.flat());
      }
    });
  }

  /** Store what was captured, send no more, let go of everything. */
  async close(): Promise<void> {
    await this._writer.idle();
    await Promise.all([this._own.stop(), this._tabs.close()]);
    this._monitor.close();
    this._durable?.close();
  }

  /** Store what other pages captured, which may not have had the time to. */
  private _adopt(rows: ReadonlyArray<IRow>): void {
    if (rows.length > 0) {
      rows.forEach(row => void this._writer.write(row));
      this._hold();
    }
  }

  /** Hold for the next page what the disk has not: it may not take it of this one. */
  private _hold(): void {
    const hold = (): void =>
      this._options.spool?.keep([
        ...this._memory.rows,
        ...this._writer.unwritten
      ]);
    hold();
    void this._writer.idle().then(hold);
  }

  private _makeDispatcher(outbox: IOutbox): Dispatcher {
    const { maxRetries, limits } = this._options;
    const observer: IDispatcherObserver = {
      sent: result => {
        // Of what was taken the other pages hear below.
        if ('reason' in result && isAnswer(result.reason)) {
          this._monitor.delivered(0);
          this._tabs.post({ kind: 'delivered', uuids: [] });
        }
      },
      delivered: uuids => this._tellDelivered(uuids),
      setAside: (uuid, reason) => {
        this._onSetAside(uuid, reason);
        this._tabs.post({ kind: 'set_aside', uuid, reason });
      },
      dropped: rows => {
        const uuids = rows.map(({ uuid }) => uuid);
        this._onDropped(uuids);
        this._tabs.post({ kind: 'dropped', uuids });
        this._observer.lost?.(fromRows(rows));
      },
      state: (problem, nextAttempt) => {
        const where = outbox === this._durable ? 'disk' : 'memory';
        this._monitor.state(where, problem, nextAttempt);
        // How it is with one page's memory says nothing of the others'.
        if (where === 'disk') {
          this._tabs.post({ kind: 'state', problem, nextAttempt });
        }
      },
      // As when a newer version of this package, in another page, has changed it.
      unreadable: () => void this._tabs.rest?.().catch(() => undefined)
    };
    return new Dispatcher({
      outbox,
      transport: this._transport,
      // Of all pages the one that sends.
      tellsRelay: outbox === (this._durable ?? this._memory),
      observer,
      clock: this._clock,
      maxRetries,
      limits
    });
  }

  private _onStored(isDurable: boolean): void {
    if (isDurable) {
      this._shared?.notify();
      this._tabs.post({ kind: 'added' });
    } else {
      this._own.notify();
    }
    this._monitor.stored(isDurable);
  }

  private _onMessage(message: TabMessage): void {
    switch (message.kind) {
      case 'added':
        this._shared?.notify();
        this._monitor.refresh();
        break;
      case 'send_now':
        this.wake();
        this._watch.refresh();
        this._monitor.refresh();
        break;
      case 'left':
        if (this._tabs.isLeading) {
          const held = this._options.spool?.take() ?? [];
          this._adopt(this._leaving.unsettled([...message.rows, ...held]));
        }
        break;
      case 'delivered':
        this._onDelivered(message.uuids);
        break;
      case 'moved':
        this._observer.moved?.();
        break;
      case 'set_aside':
        this._onSetAside(message.uuid, message.reason);
        break;
      case 'dropped':
        this._onDropped(message.uuids);
        break;
      case 'relay':
        this._watch.hear(message.answer);
        break;
      case 'state':
        this._monitor.state('disk', message.problem, message.nextAttempt);
        break;
    }
  }

  private _tellDelivered(uuids: ReadonlyArray<string>): void {
    this._onDelivered(uuids);
    this._tabs.post({ kind: 'delivered', uuids });
  }

  private _onDelivered(uuids: ReadonlyArray<string>): void {
    this._leaving.settle(uuids);
    this._watch.refresh();
    this._monitor.delivered(uuids.length);
    this._observer.delivered?.(uuids);
  }

  private _onSetAside(uuid: string, reason: string): void {
    this._leaving.settle([uuid]);
    this._monitor.refresh();
    this._observer.setAside?.(uuid, reason);
  }

  private _onDropped(uuids: ReadonlyArray<string>): void {
    this._leaving.settle(uuids);
    this._monitor.refresh();
    this._observer.dropped?.(uuids);
  }

  /** Asks both outboxes; one that the browser refuses has nothing to tell. */
  private async _each<T>(ask: (outbox: IOutbox) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(this._outboxes.map(ask));
    return answers.flatMap(answer =>
      answer.status === 'fulfilled' ? [answer.value] : []
    );
  }

  private readonly _clock: IClock;
  private readonly _durable: IOutbox | null;
  private readonly _memory = new MemoryOutbox();
  private readonly _outboxes: ReadonlyArray<IOutbox>;
  private readonly _monitor: HealthMonitor;
  private readonly _writer: OutboxWriter;
  private readonly _shared: Dispatcher | null;
  private readonly _own: Dispatcher;
  private readonly _observer: IDeliveryObserver;
  private readonly _tabs: ITabs;
  private readonly _watch: RelayWatch;
  private readonly _leaving = new Leaving();
  private _transport: BatchTransport | null;
}

/** The namespace for DeliveryClient statics. */
export namespace DeliveryClient {
  /** What a client is made of; the host and the key are enough. */
  export interface IOptions extends IEndpoint {
    /** Where events wait. Default: in memory, as long as the program runs. */
    readonly outbox?: IOutbox;
    /** What a page that is left holds for the next one. Default: nothing. */
    readonly spool?: ISpool;
    /** The other pages with the same outbox. Default: there are none. */
    readonly tabs?: ITabs;
    readonly observer?: IDeliveryObserver;
    /** Whether a relay is asked at the moment how it fares. Default: never. */
    readonly watchesRelay?: () => boolean;
    /** Default: the system's. */
    readonly clock?: IClock;
    /**
     * After so many attempts that failed it rests until the next event or
     * `flush`; the events are kept. Default: no limit.
     */
    readonly maxRetries?: number;
    /** How much may wait while nothing is taken. */
    readonly limits?: ILimits;
  }
}
