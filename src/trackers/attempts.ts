/** Counts the attempts at each test, or each cell, in a session. */
export class Attempts {
  /** @returns 1 for the first attempt at that test or cell, then 2, 3… */
  next(id: string): number {
    const nth = (this._counts.get(id) ?? 0) + 1;
    this._counts.set(id, nth);
    return nth;
  }

  private readonly _counts = new Map<string, number>();
}
