import type { IClock } from './clock.js';
import type {
  IOutbox,
  IOutboxCounts,
  IRefusal,
  ISetAside
} from './outbox/outbox.js';
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
 * To count what fills the disk reads all of it: between two counts there are so
 * many times what the last one took, but no more than so many milliseconds.
 */
const REST = 4;
const MAX_REST_MS = 10_000;
/** The reasons of so many refused events are read. */
const MAX_REASONS_READ = 100;

/** Counts, a moment after something changed. */
export class HealthMonitor {
  constructor(private readonly _options: HealthMonitor.IOptions) {
    this._isDurable = _options.isDurable;
    this._counted = this._read([]);
    this.refresh();
  }

  get health(): IDeliveryHealth {
    const { waiting, ...rest } = this._counted;
    return { ...rest, waiting: waiting + this._captured - this._known };
  }

  /** An event was captured: it counts as waiting at once. */
  captured(): void {
    this._captured++;
    this.refresh();
  }

  /** Something was written, to the disk or to memory only. */
  stored(isDurable: boolean): void {
    this._isDurable = isDurable;
    this.refresh();
  }

  /** @param count - how many events an answer of the other end took; none is an answer too */
  delivered(count: number): void {
    this._delivered += count;
    this._lastContact = this._options.clock.now();
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
    const rest = Math.min(REST * this._countMs, MAX_REST_MS);
    this._cancel ??= this._options.clock.after(
      Math.max(GATHER_MS, rest),
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
      this._countMs = clock.now() - begin;
      this._isCounting = false;
      if (this._isStale) {
        this.refresh();
      }
    }
  }

  private async _count(): Promise<void> {
    const known = this._captured;
    await this._options.idle();
    this._counted = this._read(
      await Promise.all(
        // An outbox that the browser refuses has nothing to tell.
        this._options.outboxes.map(outbox => read(outbox).catch(() => NOTHING))
      )
    );
    // Events captured meanwhile may be counted twice until the next time.
    this._known = known;
    this._options.changed();
  }

  private _read(contents: ReadonlyArray<IContent>): IDeliveryHealth {
    // A disk that refuses is no trouble with the events that go past it.
    const { problem, nextAttempt } =
      this._states[this._isDurable ? 'disk' : 'memory'];
    return {
      waiting: sum(contents.map(({ waiting }) => waiting)),
      delivered: this._delivered,
      setAside: sum(contents.map(({ setAside }) => setAside)),
      refusals: countReasons(contents.flatMap(({ asides }) => asides)),
      dropped: sum(contents.map(({ dropped }) => dropped)),
      lastContact: iso(this._lastContact),
      nextAttempt: iso(nextAttempt),
      problem,
      isDurable: this._isDurable,
      relay: this._relay
    };
  }

  private _counted: IDeliveryHealth;
  /** Events captured in this page, and how many of them the counts know of. */
  private _captured = 0;
  private _known = 0;
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

/** The contents of an outbox. */
interface IContent extends IOutboxCounts {
  /** The first of the events that were set aside. */
  readonly asides: ReadonlyArray<ISetAside>;
}

const NOTHING: IContent = { waiting: 0, setAside: 0, dropped: 0, asides: [] };

async function read(outbox: IOutbox): Promise<IContent> {
  const counts = await outbox.counts();
  const asides = counts.setAside ? await outbox.asides(MAX_REASONS_READ) : [];
  return { ...counts, asides };
}

function countReasons(asides: ReadonlyArray<ISetAside>): IRefusal[] {
  const counts = new Map<string, number>();
  for (const { reason } of asides) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count }));
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
