/** More tests or cells are none of a lesson: of these the first are forgotten. */
const MAX_KNOWN = 10_000;

/** Counts the attempts at each test, or each cell, in a session. */
export class Attempts {
  /**
   * @param id - of bounded length: it is kept
   * @returns 1 for the first attempt at that test or cell, then 2, 3…
   */
  next(id: string): number {
    const nth = (this._counts.get(id) ?? 0) + 1;
    // Behind the others: what is tried again is not forgotten.
    this._counts.delete(id);
    this._counts.set(id, nth);
    if (this._counts.size > MAX_KNOWN) {
      const [oldest] = this._counts.keys();
      this._counts.delete(oldest);
    }
    return nth;
  }

  private readonly _counts = new Map<string, number>();
}
