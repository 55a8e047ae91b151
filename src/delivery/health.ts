import type { IClock } from './clock.js';
import type { IContents } from './contents.js';
import { contentsOf, sumUp } from './contents.js';
import type { IOutbox, IRefusal } from './outbox/outbox.js';
import type { IRelayHealth } from './sending/relay.js';

/** How the delivery fares. */
export interface IDeliveryHealth {
  /** Events kept until the other end has them, those of other tabs and earlier visits included. */
  readonly waiting: number;
  /** Events that arrived since the page was opened. */
  readonly delivered: number;
  /** Events the other end refuses as they are; they are kept apart. */
  readonly setAside: number;
  /** Why, and how many for that reason; of the oldest hundred, in this or an earlier visit. */
  readonly refusals: ReadonlyArray<IRefusal>;
  /** Events given up because too many waited or were refused, ever. */
  readonly dropped: number;
  /** When the other end last answered, whatever it said: ISO 8601, or null. */
  readonly lastContact: string | null;
  /** When it is tried again after a failure: ISO 8601, or null. */
  readonly nextAttempt: string | null;
  /** Why nothing is being sent, in the other end's words, or null. */
  readonly problem: string | null;
  /** Whether what waits outlives the page. */
  readonly isDurable: boolean;
  /** How a Jupyter server fares that forwards events; null where there is none, or no word of it. */
  readonly relay: IRelayHealth | null;
}

/** Changes are gathered for so long, in milliseconds. */
const GATHER_MS = 200;
/**
 * Between two counts of a burst there are so many milliseconds, at least. To count what
 * fills the disk reads all of it: then they are so many times what the last count took.
 */
const BURST_MS = 1_000;
const REST = 4;
const MAX_REST_MS = 10_000;

/**
 * Counts, a moment after something changed. What became of events since the last
 * count is reckoned with at once: whoever shows events and counts side by side
 * shows the same of both.
 */
export class HealthMonitor {
  constructor(private readonly _options: HealthMonitor.IOptions) {
    this._isDurable = _options.isDurable;
    this._counted = sumUp([]);
    this.refresh();
  }

  get health(): IDeliveryHealth {
    const { setAside, dropped, refusals } = this._counted;
    // A disk that refuses is no trouble with the events that go past it.
    const { problem, nextAttempt } =
      this._states[this._isDurable ? 'disk' : 'memory'];
    return {
      waiting: Math.max(0, this._own.size + this._others),
      delivered: this._delivered,
      setAside: setAside + this._since.setAside,
      refusals,
      dropped: dropped + this._since.dropped,
      lastContact: iso(this._lastContact),
      nextAttempt: iso(nextAttempt),
      problem,
      isDurable: this._isDurable,
      relay: this._relay
    };
  }

  /** An event was captured in this page: it counts as waiting at once. */
  captured(uuid: string): void {
    this._own.add(uuid);
    this._since.captured++;
    this.refresh();
  }

  /** Something was written, to the disk or to memory only. */
  stored(isDurable: boolean): void {
    this._isDurable = isDurable;
    this.refresh();
  }

  /** @param uuids - the events that an answer of the other end took; none is an answer too */
  delivered(uuids: ReadonlyArray<string>): void {
    this._settle(uuids);
    this._delivered += uuids.length;
    this._lastContact = this._options.clock.now();
    this.refresh();
  }

  /** An event is kept apart, since the other end refuses it. */
  setAside(uuid: string): void {
    this._settle([uuid]);
    this._since.setAside++;
    this.refresh();
  }

  /** Events were given up. */
  dropped(uuids: ReadonlyArray<string>): void {
    this._settle(uuids);
    this._since.dropped += uuids.length;
    this.refresh();
  }

  /** @param where - which events the news is of */
  state(
    where: 'disk' | 'memory',
    problem: string | null,
    nextAttempt: number | null
  ): void {
    this._states[where] = { problem, nextAttempt };
    this.refresh();
  }

  relay(health: IRelayHealth | null): void {
    this._relay = health;
    this.refresh();
  }

  /** Count again soon. */
  refresh(): void {
    if (this._isCounting) {
      this._isStale = true;
      return;
    }
    const since = this._options.clock.now() - this._countedAt;
    // The clock may have been set back.
    const isBurst = since >= 0 && since < BURST_MS;
    const rest = Math.min(REST * this._countMs, MAX_REST_MS);
    this._cancel ??= this._options.clock.after(
      Math.max(GATHER_MS, isBurst ? BURST_MS - since : 0, rest),
      () => void this._onDue()
    );
  }

  close(): void {
    this._isStale = false;
    this._cancel?.();
  }

  private async _onDue(): Promise<void> {
    const { clock } = this._options;
    this._cancel = null;
    this._isStale = false;
    this._isCounting = true;
    const begin = clock.now();
    try {
      await this._count();
    } finally {
      this._countedAt = clock.now();
      this._countMs = this._countedAt - begin;
      this._isCounting = false;
      if (this._isStale) {
        this.refresh();
      }
    }
  }

  private async _count(): Promise<void> {
    await this._options.idle();
    const own = this._own.size;
    // What is told from here on may be in the count or not. Counted twice, it is
    // until the next count, which it brings about; left out, it would be hidden.
    this._since = { captured: 0, settled: 0, setAside: 0, dropped: 0 };
    this._counted = await contentsOf(this._options.outboxes);
    // Those of this page are known one by one: the rest is of others. A page that
    // slept was not told of all that went: then it is less than nothing.
    const { captured, settled } = this._since;
    const others = this._counted.waiting - own - captured;
    this._others = captured + settled === 0 ? others : Math.max(0, others);
    this._options.changed();
  }

  /** These wait no longer. */
  private _settle(uuids: ReadonlyArray<string>): void {
    const foreign = uuids.filter(uuid => !this._own.delete(uuid));
    this._since.settled += uuids.length;
    if (this._others > 0) {
      this._others = Math.max(0, this._others - foreign.length);
    }
  }

  private _counted: IContents;
  /** The events captured in this page that wait. */
  private readonly _own = new Set<string>();
  /** How many of other pages and earlier visits wait, by the last count. */
  private _others = 0;
  /** What happened since the last count began. */
  private _since = { captured: 0, settled: 0, setAside: 0, dropped: 0 };
  private _isDurable: boolean;
  private _delivered = 0;
  private _lastContact: number | null = null;
  private _relay: IRelayHealth | null = null;
  private readonly _states: Record<'disk' | 'memory', IState> = {
    disk: { problem: null, nextAttempt: null },
    memory: { problem: null, nextAttempt: null }
  };
  private _cancel: (() => void) | null = null;
  private _isCounting = false;
  /** Whether something changed while it was counted. */
  private _isStale = false;
  private _countMs = 0;
  /** When the last count ended. */
  private _countedAt = -Infinity;
}

interface IState {
  readonly problem: string | null;
  readonly nextAttempt: number | null;
}

/** The namespace for HealthMonitor statics. */
export namespace HealthMonitor {
  /** The outboxes to watch, and whom to tell. */
  export interface IOptions {
    readonly outboxes: ReadonlyArray<IOutbox>;
    /** Whether there is a disk to begin with. */
    readonly isDurable: boolean;
    readonly clock: IClock;
    /** Settles when what was captured is stored. */
    readonly idle: () => Promise<void>;
    readonly changed: () => void;
  }
}

/** Whether that is what the other end said, and not that it was not reached. */
export function isAnswer(reason: string): boolean {
  return /^(\d|quota$)/.test(reason);
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
