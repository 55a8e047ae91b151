import type { Overview } from '../answers/overview';
import type { Trans } from '../trans';

type Known = Pick<
  Overview['students'][number],
  'student' | 'name' | 'is_staff'
>;

/**
 * What students are called on the screen: by their names, or by numbers that stay
 * the same as long as the roster does. Staff has no number.
 */
export class Names {
  constructor(
    students: ReadonlyArray<Known>,
    readonly areHidden: boolean,
    private readonly _trans: Trans
  ) {
    const counted = students.filter(({ is_staff }) => !is_staff);
    this._digits = Math.max(2, String(counted.length).length);
    counted.forEach(({ student, name }, index) => {
      this._numbers.set(student, index + 1);
      this._ids.push(student);
      this._names.set(student, undirected(name || student));
    });
    const seen = new Map<string, number>();
    for (const name of this._names.values()) {
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    this._isShared = name => (seen.get(name) ?? 0) > 1;
  }

  /** How a student is called. */
  of(student: string): string {
    if (!this.areHidden) {
      const name = this._names.get(student) ?? student;
      return this._isShared(name)
        ? `${isolated(name)} (${shortOf(student)})`
        : isolated(name);
    }
    const number = this._numbers.get(student);
    return number === undefined
      ? this._trans.__('A student')
      : this._trans.__('Student %1', this._padded(number));
  }

  /** How many characters the longest name on the screen has. */
  get longest(): number {
    return Math.max(0, ...this._ids.map(student => this.of(student).length));
  }

  /** How a student is called where two must not be taken for each other: with the id. */
  fullOf(student: string): string {
    const name = this._names.get(student) ?? student;
    return this.areHidden || name === student
      ? this.of(student)
      : `${isolated(name)} (${isolated(student)})`;
  }

  /** A text by which students stand in the order of the roster. */
  orderOf(student: string): number {
    return this._numbers.get(student) ?? Number.MAX_SAFE_INTEGER;
  }

  /** What an address says for a student: nothing of the name while names are hidden. */
  addressOf(student: string): string {
    const number = this._numbers.get(student);
    return this.areHidden && number !== undefined ? `~${number}` : student;
  }

  /** The student that an address means. */
  idOf(address: string): string | null {
    const number = /^~(\d+)$/.exec(address)?.[1];
    return number === undefined
      ? address
      : (this._ids[Number(number) - 1] ?? null);
  }

  private _padded(number: number): string {
    return String(number).padStart(this._digits, '0');
  }

  private readonly _digits: number;
  private readonly _ids: string[] = [];
  private readonly _numbers = new Map<string, number>();
  private readonly _names = new Map<string, string>();
  /** Whether several students are called so. */
  private readonly _isShared: (name: string) => boolean;
}

/** As much of an id as tells it from that of somebody with the same name: its suffix, where it has one. */
function shortOf(student: string): string {
  return /-([0-9A-HJKMNP-TV-Z]{6})$/.exec(student)?.[1] ?? isolated(student);
}

/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and more. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Set a name apart, where it runs from right to left: what stands beside it keeps
 * its place, whatever sentence or table it is in.
 */
function isolated(name: string): string {
  const text = undirected(name);
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/**
 * A name without what turns, or sets apart, the text that follows: whoever may send may
 * take any name, and would have the rest of a line read backwards, or look like
 * somebody else.
 */
function undirected(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}
