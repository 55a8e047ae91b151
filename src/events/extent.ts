/**
 * Places of a text that each search looks at closely, which takes microseconds. Texts of events, of
 * which 20,000 characters are read, have fewer; one that has more is made to delay the lesson.
 */
const MOST_PLACES = 8000;

/** The part of a text that is searched for secrets; all behind it goes, as if it was one. */
export class Extent {
  constructor(text: string) {
    this._end = text.length;
  }

  get end(): number {
    return this._end;
  }

  /** Have the next search begin. */
  begin(): void {
    this._left = MOST_PLACES;
  }

  /** Whether a place is to be looked at; asked for one after the other. */
  has(place: number): boolean {
    if (this._left <= 0) {
      this._end = Math.min(this._end, place);
    }
    this._left--;
    return place < this._end;
  }

  private _end: number;
  private _left = 0;
}
