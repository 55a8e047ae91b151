import type { IRosterRow } from './roster';
import { readStudentCode } from './studentcode';

/** The most characters of an id or a name in a roster. */
export const MAX_ROSTER_TEXT = 200;

/** Somebody who was chosen from the roster: by the roster's id and name. */
export interface IRosterName {
  readonly id: string;
  readonly name: string;
}

/** A code that stands for a student, and the name that stays in this browser. */
export interface IPseudonym {
  readonly code: string;
  /** Null: the student has typed the code, and nobody has told the name. */
  readonly name: string | null;
  /** The id of before, under which this browser may keep events of the student's. */
  readonly former?: string;
}

/** The row that somebody was chosen by before. */
export function rowOf(chosen: IRosterName | undefined): IRosterRow | null {
  return chosen ? { ...chosen, group: null } : null;
}

/** Whether an id and a name may be those of a roster; they may have been written by anybody. */
export function isRosterName(value: unknown): value is IRosterName {
  const { id, name } = (value ?? {}) as Record<string, unknown>;
  return isText(id) && isText(name);
}

/** Whether a code and a name may be a pseudonym; they may have been written by anybody. */
export function isPseudonym(value: unknown): value is IPseudonym {
  const { code, name, former } = (value ?? {}) as Record<string, unknown>;
  if (
    typeof code !== 'string' ||
    !(name === null || isText(name)) ||
    !(former === undefined || isText(former))
  ) {
    return false;
  }
  const read = readStudentCode(code);
  return 'code' in read && read.code === code;
}

/** A text to be read in a line: neither blank nor with characters that control something. */
function isText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= MAX_ROSTER_TEXT &&
    !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)
  );
}
