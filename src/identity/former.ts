import type { INames } from './name';
import { inEnglishLetters, studentOf } from './name';
import type { IPseudonym } from './rostername';

/**
 * Tell under which id a student with a code was recorded before, in this browser.
 *
 * @param before - who was remembered here when the code was given
 * @returns null where that was somebody else, by the name in the roster, or nobody
 */
export function formerId(
  before: INames,
  { code, name }: IPseudonym
): string | null {
  if (before.pseudonym) {
    return before.pseudonym.code === code
      ? (before.pseudonym.former ?? null)
      : null;
  }
  const student = studentOf(before);
  const isOther =
    student !== null &&
    name !== null &&
    wordsOf(student.shown ?? student.name) !== wordsOf(name);
  return student === null || isOther ? null : student.id;
}

/** The words of a name, in whatever order they are written. */
function wordsOf(name: string): string {
  return inEnglishLetters(name)
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
    .sort()
    .join(' ');
}
