import type { IClock } from '../clock.js';
import type { IRefusal } from '../outbox/outbox.js';
import { backOff } from './backoff.js';
import type { BatchTransport } from './transport.js';

/** How forwarding goes at a server that sends in the browser's stead. */
export interface IRelayHealth {
  /** Events it has and the other end has not, those of other browsers included. */
  readonly waiting: number;
  /** Events the other end refuses as they are. */
  readonly setAside: number;
  /** Why, and how many for that reason; of the oldest hundred. */
  readonly refusals: ReadonlyArray<IRefusal>;
  /** Why nothing is being forwarded, or null. */
  readonly problem: string | null;
  /** When the other end last answered, whatever it said: ISO 8601, or null. */
  readonly lastContact: string | null;
  /** When it is tried again after a failure: ISO 8601, or null. */
  readonly nextAttempt: string | null;
}

/** @returns what a relay's answer tells, or null when it is no relay's */
export function readRelayHealth(answer: unknown): IRelayHealth | null {
  // An older version gives no reasons.
  const {
    waiting,
    set_aside,
    refusals = [],
    problem,
    last_contact,
    next_attempt
  } = (answer ?? {}) as Record<string, never>;
  return [waiting, set_aside].every(Number.isInteger) &&
    [problem, last_contact, next_attempt].every(
      text => text === null || typeof text === 'string'
    ) &&
    Array.isArray(refusals) &&
    refusals.every(
      (refusal: IRefusal | null) =>
        typeof refusal?.reason === 'string' && Number.isInteger(refusal.count)
    )
    ? {
        waiting,
        setAside: set_aside,
        refusals,
        problem,
        lastContact: last_contact,
        nextAttempt: next_attempt
      }
    : null;
}

/**
 * Asks a relay how it fares: after it took something, and then with growing
 * pauses for as long as something waits there. Never throws.
 */
export class RelayWatch {
  constructor(private readonly _options: RelayWatch.IOptions) {}

  /** There may be news: ask soon. */
  refresh(): void {
    if (this._count > 0) {
      this._cancel?.();
      this._cancel = null;
      this._count = 0;
    }
    this._schedule();
  }

  /** @returns what this page, or another one, was answered; null when it is no answer */
  hear(answer: unknown): IRelayHealth | null {
    const { transport, told } = this._options;
    const health = transport()?.isRelay ? readRelayHealth(answer) : null;
    if (health) {
      told(health);
    }
    return health;
  }

  private _schedule(): void {
    const { clock, asks } = this._options;
    if (asks()) {
      this._cancel ??= clock.after(backOff(this._count + 1), () => {
        this._cancel = null;
        void this._ask();
      });
    }
  }

  private async _ask(): Promise<void> {
    const { transport, asks, post } = this._options;
    const asked = transport();
    this._count++;
    if (!asks()) {
      return;
    }
    // A server that is away shows by the events that are sent to it.
    const answer = await asked?.status().catch(() => null);
    if (asked !== transport()) {
      return;
    }
    const health = this.hear(answer);
    if (health) {
      post(answer);
    }
    // A relay that gave no answer may have something to say the next time.
    if (health?.waiting !== 0) {
      this._schedule();
    }
  }

  private _cancel: (() => void) | null = null;
  /** How often the relay was asked since there was news. */
  private _count = 0;
}

/** The namespace for RelayWatch statics. */
export namespace RelayWatch {
  /** Whom to ask and whom to tell. */
  export interface IOptions {
    /** Where events go at the moment. */
    readonly transport: () => Pick<BatchTransport, 'isRelay' | 'status'> | null;
    /** Whether this page is to ask. */
    readonly asks: () => boolean;
    readonly clock: IClock;
    readonly told: (health: IRelayHealth) => void;
    /** Tells the other pages what was answered. */
    readonly post: (answer: unknown) => void;
  }
}
