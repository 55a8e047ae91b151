import type { IClock } from '../clock.js';
import type { IOutbox } from '../outbox/outbox.js';
import type { ILimits } from '../outbox/retention.js';
import { Retention } from '../outbox/retention.js';
import type { IRow } from '../wire.js';
import { backOff } from './backoff.js';
import { MAX_BATCH_COUNT, nextBatch } from './batch.js';
import { Refusals } from './refusals.js';
import type { IEventTransport, SendResult } from './transport.js';

/** Events of a burst are gathered for so long, in milliseconds. */
const GATHER_MS = 400;
/** After so many failures in a row it is told why: one that passes is nobody's business. */
const FAILURES_TO_TELL = 5;
/** After so many events refused in a row the place may be wrong: it is asked with pauses. */
const REFUSALS_AT_ONCE = 5;
/** While nothing is sent, it is looked so often whether too much waits, in milliseconds. */
const TRIM_MS = 60_000;

/** What a dispatcher tells of its events. */
export interface IDispatcherObserver {
  /** What came of a request. */
  sent?(result: SendResult): void;
  /** These are at the other end. */
  delivered(uuids: ReadonlyArray<string>): void;
  /** The other end will never take this one, and said why. */
  setAside(uuid: string, reason: string): void;
  /** Too many wait, or were refused: these, the oldest, are given up. */
  dropped(rows: ReadonlyArray<IRow>): void;
  /**
   * @param problem - why nothing is taken for a longer time; null while sending goes on
   * @param nextAttempt - after a failure, in milliseconds since 1970; null when none is due
   */
  state(problem: string | null, nextAttempt: number | null): void;
  /** The outbox has refused to be read for a longer time: another page's may not. */
  unreadable?(): void;
}

/**
 * Drains an outbox: gathers, sends one batch at a time, tries again with
 * growing pauses for as long as it takes, and never loses count.
 */
export class Dispatcher {
  constructor(private readonly _options: Dispatcher.IOptions) {
    const { outbox, observer } = _options;
    this._transport = _options.transport;
    this._retention = new Retention(outbox, _options.limits);
    this._refusals = new Refusals(outbox, ({ uuid, reason }) =>
      observer.setAside(uuid, reason)
    );
  }

  /** Send to another place from now on, what is waiting included; null: to none. */
  set transport(transport: IEventTransport | null) {
    this._transport = transport;
    this._failures = 0;
    this._refusedCount = 0;
    this._unschedule();
    this._tell(null, null);
    this.wake();
  }

  /** Begin, or go on: the outbox may hold events of an earlier visit. */
  start(): void {
    this._isRunning = true;
    // Whoever sent before may have left a bad word behind.
    this._problem = null;
    this._nextAttempt = null;
    this._options.observer.state(null, null);
    this.wake();
  }

  /** Send no more; settles when what is under way has been answered. */
  async stop(): Promise<void> {
    this._isRunning = false;
    this._unschedule();
    this._cancelTrim?.();
    this._cancelTrim = null;
    await this._draining;
  }

  /** Whether an event is in a request that has not been answered. */
  isUnderWay(uuid: string): boolean {
    return this._underWay.has(uuid);
  }

  /** Events were added: send them soon. */
  notify(): void {
    this._schedule(GATHER_MS);
    if (this._isRunning && (this._nextAttempt !== null || !this._transport)) {
      // The pause may be long: an hour, or until a setting is corrected.
      this._cancelTrim ??= this._options.clock.after(TRIM_MS, () => {
        this._cancelTrim = null;
        // Nothing that is under way: a round that fails trims at its end.
        void this._alone(() => this._trim());
      });
    }
  }

  /** Try now, whatever the pause: the network or the student is back. */
  wake(): void {
    this.flush().catch(() => undefined);
  }

  /** Send now what is being gathered: the page may be about to go. A pause stands. */
  async hasten(): Promise<void> {
    await this._draining;
    if (this._nextAttempt === null) {
      this.wake();
    }
  }

  /** Send what is waiting now; settles when a round that began after the call has ended. */
  async flush(): Promise<void> {
    this._refusals.clear();
    await this._round();
  }

  private async _round(): Promise<void> {
    if (!this._isRunning) {
      return;
    }
    this._unschedule();
    // A round that is under way took its events before the latest came.
    await this._draining;
    await this._alone(() => this._drain());
  }

  /** Do something unless something is being done. */
  private async _alone(work: () => Promise<void>): Promise<void> {
    this._draining ??= work().finally(() => {
      this._draining = null;
    });
    await this._draining;
  }

  private async _drain(): Promise<void> {
    const { observer, outbox } = this._options;
    while (this._isRunning) {
      let goesOn;
      let isRead = false;
      try {
        const waiting = await nextBatch(outbox, this._maxCount, uuid =>
          this._refusals.has(uuid)
        );
        isRead = true;
        this._unreadCount = 0;
        const batch = await this._refusals.fit(waiting);
        const transport = this._transport;
        const isToTell =
          this._options.tellsRelay &&
          transport?.isRelay &&
          transport !== this._told;
        if (batch.length === 0 && !isToTell) {
          // What a full disk kept among the others.
          await this._refusals.store();
          // Another page, or a request as this one was left, sent the rest.
          this._tell(null, null);
          return;
        }
        if (!transport) {
          return;
        }
        this._underWay = new Set(batch.map(({ uuid }) => uuid));
        const result = await transport.send(batch);
        this._options.observer.sent?.(result);
        if (result.status !== 'retry' && result.status !== 'unauthorized') {
          this._told = transport;
        }
        // What a place says that is no longer the place counts only if it took them.
        const isStale =
          transport !== this._transport && result.status !== 'accepted';
        goesOn = isStale || (await this._settle(batch, result));
      } catch (reason) {
        // The outbox itself refuses: a full disk, site data cleared.
        goesOn = this._fail(String(reason));
        if (!isRead && ++this._unreadCount >= FAILURES_TO_TELL) {
          this._unreadCount = 0;
          observer.unreadable?.();
        }
      } finally {
        this._underWay.clear();
      }
      if (!goesOn) {
        await this._trim();
        return;
      }
    }
  }

  /** Nothing is being taken: what waits must not grow for ever. */
  private async _trim(): Promise<void> {
    const rows = await this._retention.trim();
    if (rows.length > 0) {
      this._refusals.clear();
    }
    this._drop(rows);
  }

  private _drop(rows: ReadonlyArray<IRow>): void {
    if (rows.length > 0) {
      this._options.observer.dropped(rows);
    }
  }

  /** @returns whether to go on at once */
  private async _settle(
    batch: ReadonlyArray<IRow>,
    result: SendResult
  ): Promise<boolean> {
    switch (result.status) {
      case 'accepted':
        // First of all: a disk that keeps what was sent is a failure like any other.
        await this._acknowledge(batch);
        this._failures = 0;
        this._refusedCount = 0;
        this._retention.reset();
        this._tell(null, null);
        this._maxCount = Math.min(this._maxCount * 2, MAX_BATCH_COUNT);
        return true;
      case 'too_large':
      case 'rejected':
        if (batch.length > 1) {
          // Halve until the one that is not wanted stands alone.
          this._maxCount = Math.floor(batch.length / 2);
        } else if (
          // None at all an older relay refuses: it hears of it with the next event.
          batch.length === 1 &&
          (result.status === 'rejected' ||
            !(await this._refusals.halve(batch[0])))
        ) {
          await this._refusals.setAside({
            ...batch[0],
            reason: result.reason
          });
          this._drop(await this._retention.trimAsides());
          if (++this._refusedCount >= REFUSALS_AT_ONCE) {
            return this._fail(result.reason);
          }
        }
        return true;
      case 'kept':
        this._tell(null, null);
        return false;
      case 'unauthorized':
        // A login can be renewed and a key corrected at the other end too.
        return this._fail(result.reason, backOff(Infinity), 1);
      case 'retry':
        if (result.isSlow) {
          this._maxCount = Math.max(1, Math.floor(batch.length / 2));
        }
        return this._fail(result.reason, result.afterMs);
    }
  }

  /**
   * @param tellFrom - after so many in a row it is told why
   * @returns false: not at once
   */
  private _fail(
    reason: string,
    afterMs?: number,
    tellFrom = FAILURES_TO_TELL
  ): false {
    this._failures++;
    const { maxRetries = Infinity } = this._options;
    if (this._failures > maxRetries) {
      // It rests until the next event or flush, which tries as often again.
      this._failures = 0;
      this._tell(reason, null);
    } else {
      this._pause(
        backOff(this._failures, afterMs),
        this._failures < tellFrom ? this._problem : reason
      );
    }
    return false;
  }

  private async _acknowledge(batch: ReadonlyArray<IRow>): Promise<void> {
    const { outbox, observer } = this._options;
    // Another page, or a request as one was left, may have counted the rest.
    const there = await outbox.remove(batch.map(({ uuid }) => uuid));
    observer.delivered(there);
  }

  /** Events that came meanwhile asked for a round sooner: it would fail. */
  private _pause(ms: number, problem: string | null): void {
    this._unschedule();
    this._schedule(ms);
    this._tell(problem, this._options.clock.now() + ms);
  }

  /** A round that is due sooner or a pause stands: the next event changes neither. */
  private _schedule(ms: number): void {
    if (this._isRunning) {
      this._cancel ??= this._options.clock.after(ms, () => {
        this._cancel = null;
        void this._onDue();
      });
    }
  }

  private async _onDue(): Promise<void> {
    // What is under way may end in a pause, which holds for this round too.
    await this._draining;
    if (this._cancel === null) {
      await this._round();
    }
  }

  private _unschedule(): void {
    this._cancel?.();
    this._cancel = null;
  }

  private _tell(problem: string | null, nextAttempt: number | null): void {
    if (problem !== this._problem || nextAttempt !== this._nextAttempt) {
      this._problem = problem;
      this._nextAttempt = nextAttempt;
      this._options.observer.state(problem, nextAttempt);
    }
  }

  private _transport: IEventTransport | null;
  /** The last one that a request came to. */
  private _told: IEventTransport | null = null;
  private _isRunning = false;
  private _draining: Promise<void> | null = null;
  private _cancel: (() => void) | null = null;
  private _cancelTrim: (() => void) | null = null;
  private _underWay = new Set<string>();
  private _failures = 0;
  /** How many were set aside since one was taken. */
  private _refusedCount = 0;
  /** How often in a row the outbox could not be read. */
  private _unreadCount = 0;
  private _maxCount = MAX_BATCH_COUNT;
  private _problem: string | null = null;
  private _nextAttempt: number | null = null;
  private readonly _retention: Retention;
  private readonly _refusals: Refusals;
}

/** The namespace for Dispatcher statics. */
export namespace Dispatcher {
  /** What a dispatcher is made of. */
  export interface IOptions {
    readonly outbox: IOutbox;
    /** Null: nothing is sent until there is one. */
    readonly transport: IEventTransport | null;
    /** Whether a relay is told where to also when there is no event. */
    readonly tellsRelay?: boolean;
    readonly observer: IDispatcherObserver;
    readonly clock: IClock;
    /**
     * After so many attempts that failed it rests until the next event or
     * `flush`; the events are kept. Default: no limit.
     */
    readonly maxRetries?: number;
    /** How much may wait while nothing is taken. */
    readonly limits?: ILimits;
  }
}
