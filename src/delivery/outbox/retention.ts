import type { IRow } from '../wire.js';
import { byteLength, fromRows } from '../wire.js';
import type { IOutbox } from './outbox.js';

/** How much may wait. */
export interface ILimits {
  /** Default 50,000. */
  readonly events: number;
  /** On the wire; default 200 MB. */
  readonly bytes: number;
}

export const DEFAULT_LIMITS: ILimits = { events: 50_000, bytes: 200_000_000 };

/** The most events that are kept apart. */
const MAX_ASIDES = 1_000;
/** Rows are read from the disk by so many. */
const READ_COUNT = 50;
/** The event that tells of a loss. */
const LOSS = 'events_dropped';
/** Beyond a limit, room is made for more than the next event. */
const KEPT = 0.99;

/** Keeps an outbox that cannot be drained within its limits. */
export class Retention {
  constructor(
    private readonly _outbox: IOutbox,
    private readonly _limits: ILimits = DEFAULT_LIMITS
  ) {}

  /**
   * Give up the oldest events beyond the limits.
   *
   * @returns them, as far as the outbox let go of them; never rejects: what is
   * given up is told, whatever comes after
   */
  async trim(): Promise<ReadonlyArray<IRow>> {
    const given: IRow[] = [];
    try {
      await this._trim(given);
      this._isWarned = false;
    } catch (reason) {
      this._warn(reason);
      this.reset();
    }
    return given;
  }

  /**
   * Give up the oldest of too many events that were set aside.
   *
   * @returns them; never rejects
   */
  async trimAsides(): Promise<ReadonlyArray<IRow>> {
    const given: IRow[] = [];
    try {
      const { setAside } = await this._outbox.counts();
      if (setAside > MAX_ASIDES) {
        const oldest = await this._outbox.asides(setAside - MAX_ASIDES * KEPT);
        await this._give(oldest, given);
      }
    } catch (reason) {
      this._warn(reason);
    }
    return given;
  }

  /** @param given - gets what is given up */
  private async _trim(given: IRow[]): Promise<void> {
    await this._measure();
    if (this._sizes.size !== (await this._outbox.counts()).waiting) {
      // Others add and remove too: what is gone must cost no event its place.
      this.reset();
      await this._measure();
    }
    if (!this._isOver(1)) {
      return;
    }
    while (this._isOver(KEPT)) {
      const victims: IRow[] = [];
      const rows = await this._outbox.peek(READ_COUNT);
      if (rows.length === 0) {
        break;
      }
      for (const row of rows) {
        if (this._isOver(KEPT)) {
          victims.push(row);
          this._total -= this._sizes.get(row.uuid) ?? 0;
          this._sizes.delete(row.uuid);
        }
      }
      await this._give(victims, given);
    }
  }

  /** @param given - gets those that were still there: another page may give up the same */
  private async _give(
    victims: ReadonlyArray<IRow>,
    given: IRow[]
  ): Promise<void> {
    // Events that tell of an earlier loss were counted then.
    const told = victims.filter(row => fromRows([row])[0]?.event === LOSS);
    const events = victims.filter(row => !told.includes(row));
    for (const [rows, isCounted] of [
      [told, false],
      [events, true]
    ] as const) {
      if (rows.length > 0) {
        const uuids = rows.map(({ uuid }) => uuid);
        const there = new Set(await this._outbox.drop(uuids, isCounted));
        given.push(...rows.filter(({ uuid }) => there.has(uuid)));
      }
    }
  }

  /** The outbox is being drained: what was measured is there no longer. */
  reset(): void {
    this._sizes.clear();
    this._total = 0;
    this._last = undefined;
  }

  private _warn(reason: unknown): void {
    if (!this._isWarned) {
      this._isWarned = true;
      console.warn('ipynb-telemetry: the outbox was not trimmed', reason);
    }
  }

  /** @param part - of the limits, 0 to 1 */
  private _isOver(part: number): boolean {
    const { events, bytes } = this._limits;
    return this._sizes.size > events * part || this._total > bytes * part;
  }

  /**
   * Each event is read once, however often this is asked for; but for those
   * whose uuid was given elsewhere and says nothing of their order.
   */
  private async _measure(): Promise<void> {
    let after = this._last;
    for (;;) {
      const rows = await this._outbox.peek(READ_COUNT, after);
      for (const { uuid, json } of rows) {
        if (!this._sizes.has(uuid)) {
          const size = byteLength(json);
          this._sizes.set(uuid, size);
          this._total += size;
        }
        after = uuid;
        if (isOrdered(uuid)) {
          this._last = uuid;
        }
      }
      if (rows.length < READ_COUNT) {
        return;
      }
    }
  }

  /** Bytes of each event that waits, by uuid. */
  private readonly _sizes = new Map<string, number>();
  private _total = 0;
  /** Whether it was told that the outbox refuses, since it last did not. */
  private _isWarned = false;
  /** The newest that was read of those that are ordered by their uuid. */
  private _last: string | undefined;
}

/** UUIDs of version 4 and 5, from elsewhere, are not in the order of time. */
function isOrdered(uuid: string): boolean {
  return !/^.{14}[45]/.test(uuid);
}
