import type { IClock } from '../clock.js';
import type { IOutbox } from '../outbox/outbox.js';
import type { ILimits } from '../outbox/retention.js';
import { Retention } from '../outbox/retention.js';
import type { IRow } from '../wire.js';
import type { SendResult } from './answer.js';
import type { IDispatcherObserver } from './observer.js';
import { Reading } from './reading.js';
import { Refusals } from './refusals.js';
import { Rounds } from './rounds.js';
import { Trimming } from './trimming.js';
import type { IEventTransport } from './transport.js';
import type { IVerdict } from './verdict.js';
import { FIRST_PACE, verdict } from './verdict.js';

/** An event waits so long for others, in milliseconds. */
const GATHER_MS = 400;
/** In a burst, as a Run All is, a round begins so long after a batch, in milliseconds: each round costs the page a request. */
const BURST_MS = 2_000;

/**
 * Drains an outbox: gathers, sends one batch at a time, tries again with
 * growing pauses for as long as it takes, and never loses count.
 */
export class Dispatcher {
  constructor(private readonly _options: Dispatcher.IOptions) {
    const { clock, outbox, observer } = _options;
    this._transport = _options.transport;
    this._rounds = new Rounds(clock, () => this._drain());
    this._retention = new Retention(outbox, _options.limits);
    this._refusals = new Refusals(outbox, ({ uuid, reason }) =>
      observer.setAside(uuid, reason)
    );
    this._reading = new Reading({
      outbox,
      refusals: this._refusals,
      isOwn: _options.isOwn,
      mayLeave: _options.mayLeave,
      unreadable: () => observer.unreadable?.()
    });
    this._trimming = new Trimming({
      clock,
      rounds: this._rounds,
      retention: this._retention,
      refusals: this._refusals,
      dropped: rows => observer.dropped(rows)
    });
  }

  /** Send to another place from now on, what is waiting included; null: to none. */
  set transport(transport: IEventTransport | null) {
    this._transport = transport;
    this._pace = { ...FIRST_PACE, maxCount: this._pace.maxCount };
    this._rounds.cancel();
    this._tell(null, null);
    this.wake();
  }

  /** Begin, or go on: the outbox may hold events of an earlier visit. */
  start(): void {
    this._rounds.start();
    // The page that sent before may have left a problem behind.
    this._problem = null;
    this._nextAttempt = null;
    this._options.observer.state(null, null);
    this.wake();
  }

  /** Send no more; settles when what is under way has been answered. */
  async stop(): Promise<void> {
    this._trimming.stop();
    await this._rounds.stop();
  }

  /** Whether an event is in a request that has not been answered. */
  isUnderWay(uuid: string): boolean {
    return this._underWay.has(uuid);
  }

  /** Events were added: send them soon. */
  notify(): void {
    const since = this._options.clock.now() - this._sentAt;
    // The clock may have been set back.
    const isBurst = since >= 0 && since < BURST_MS;
    this._rounds.schedule(Math.max(GATHER_MS, isBurst ? BURST_MS - since : 0));
    const isPausing = this._nextAttempt !== null || !this._transport;
    if (this._rounds.isRunning && isPausing) {
      this._trimming.soon();
    }
  }

  /** Try now, whatever the pause: the network or the student is back. */
  wake(): void {
    this.flush().catch(() => undefined);
  }

  /** Settles when what is under way has been answered. */
  idle(): Promise<void> {
    return this._rounds.idle();
  }

  /** Send now what is being gathered: the page may be about to go. A pause stands. */
  async hasten(): Promise<void> {
    await this._rounds.idle();
    if (this._nextAttempt === null) {
      this.wake();
    }
  }

  /** Send what is waiting now; settles when a round that began after the call has ended. */
  async flush(): Promise<void> {
    this._refusals.clear();
    await this._rounds.begin();
  }

  /** One round: batch after batch, until nothing waits or nothing is taken. */
  private async _drain(): Promise<void> {
    while (this._rounds.isRunning) {
      let goesOn: boolean;
      try {
        const batch = await this._refusals.fit(
          await this._reading.next(this._pace.maxCount)
        );
        const transport = this._transport;
        if (batch.length === 0) {
          // A full disk kept refused events among the others.
          await this._refusals.store();
          // Another page, or the last request of this one, sent the rest.
          this._tell(null, null);
          return;
        }
        if (!transport) {
          return;
        }
        goesOn = await this._send(batch, transport);
      } catch (reason) {
        // The outbox itself refuses: a full disk, site data cleared.
        goesOn = this._goOn(
          this._judge({ status: 'retry', reason: String(reason) })
        );
      } finally {
        this._underWay.clear();
      }
      if (!goesOn) {
        await this._trimming.now();
        return;
      }
    }
  }

  /** @returns whether to go on at once */
  private async _send(
    batch: ReadonlyArray<IRow>,
    transport: IEventTransport
  ): Promise<boolean> {
    this._underWay = new Set(batch.map(({ uuid }) => uuid));
    this._sentAt = this._options.clock.now();
    const result = await transport.send(batch);
    this._options.observer.sent?.(result);
    // The answer of a place that was replaced counts only if it took the events.
    if (transport !== this._transport && result.status !== 'accepted') {
      return true;
    }
    const isCut =
      result.status === 'too_large' &&
      batch.length === 1 &&
      (await this._refusals.halve(batch[0]));
    const next = this._judge(result, batch.length, isCut);
    await this._settle(batch, next);
    return transport !== this._transport || this._goOn(next);
  }

  private _judge(result: SendResult, count = 0, isCut = false): IVerdict {
    const { maxRetries } = this._options;
    const chance = Math.random();
    return verdict(this._pace, result, { count, isCut, chance, maxRetries });
  }

  /** Do with a batch what the verdict says of its events. */
  private async _settle(
    batch: ReadonlyArray<IRow>,
    { events, reason = '' }: IVerdict
  ): Promise<void> {
    const { outbox, observer } = this._options;
    if (events === 'delivered') {
      // Another page, or the last request of one, may have counted the rest.
      observer.delivered(await outbox.remove(batch.map(({ uuid }) => uuid)));
      this._retention.reset();
    } else if (events === 'set_aside') {
      await this._refusals.setAside({ ...batch[0], reason });
      await this._trimming.asides();
    }
  }

  /**
   * Take up the pace of a verdict, and tell of it.
   *
   * @returns whether to go on at once
   */
  private _goOn({ pace, pauseMs, problem }: IVerdict): boolean {
    this._pace = pace;
    if (pauseMs) {
      this._rounds.pause(pauseMs);
    }
    if (pauseMs !== 0 || problem !== undefined) {
      const nextAttempt = pauseMs ? this._options.clock.now() + pauseMs : null;
      this._tell(problem === undefined ? this._problem : problem, nextAttempt);
    }
    return pauseMs === 0;
  }

  private _tell(problem: string | null, nextAttempt: number | null): void {
    if (problem !== this._problem || nextAttempt !== this._nextAttempt) {
      this._problem = problem;
      this._nextAttempt = nextAttempt;
      this._options.observer.state(problem, nextAttempt);
    }
  }

  private _transport: IEventTransport | null;
  private _pace = FIRST_PACE;
  private _underWay = new Set<string>();
  /** When the last batch was sent. */
  private _sentAt = -Infinity;
  private _problem: string | null = null;
  private _nextAttempt: number | null = null;
  private readonly _rounds: Rounds;
  private readonly _retention: Retention;
  private readonly _refusals: Refusals;
  private readonly _reading: Reading;
  private readonly _trimming: Trimming;
}

/** The namespace for Dispatcher statics. */
export namespace Dispatcher {
  /** The parts and limits of a dispatcher. */
  export interface IOptions {
    readonly outbox: IOutbox;
    /** Null: nothing is sent until there is one. */
    readonly transport: IEventTransport | null;
    readonly observer: IDispatcherObserver;
    readonly clock: IClock;
    /** Whether this page made a row, just as it is. All others are looked at first. Default: none. */
    readonly isOwn?: (row: IRow) => boolean;
    /** Whether a row may be sent at the moment. Default: all. */
    readonly mayLeave?: (row: IRow) => boolean;
    /**
     * After so many attempts that failed it rests until the next event or
     * `flush`; the events are kept. Default: no limit.
     */
    readonly maxRetries?: number;
    /** How much may wait while nothing is taken. */
    readonly limits?: ILimits;
  }
}
