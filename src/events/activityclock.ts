/** A pause longer than this is no work, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Time on task: the time between signs of work, pauses counted up to a minute.
 * To begin is a sign, too.
 */
export class ActivityClock {
  /** The time worked up to now, in milliseconds; of a later moment never less. */
  get activeMs(): number {
    return Math.round(this._total + this._sinceLast());
  }

  /** Take a sign of work. */
  work(): void {
    this._total += this._sinceLast();
    this._last = performance.now();
  }

  private _sinceLast(): number {
    return Math.min(performance.now() - this._last, LONGEST_PAUSE_MS);
  }

  private _last = performance.now();
  private _total = 0;
}
