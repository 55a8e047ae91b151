import type { IStudent } from '../events/student';
import type { IOwnName } from './ownname';
import type { IPseudonym, IRosterName } from './rostername';

/** The two names a student gives, or the account that stands for them. */
export interface INames {
  readonly first: string;
  readonly last: string;
  /** The account by which events are kept, whatever a name is. */
  readonly account?: string;
  /** One name in whatever letters, in place of the two. */
  readonly own?: IOwnName;
  /** Who was chosen from the roster, in place of the two. */
  readonly listed?: IRosterName;
  /** The code under which events are kept, in place of the two. */
  readonly pseudonym?: IPseudonym;
}

/** Why a name is refused; each reason has its own words in the dialog. */
export type NameProblem = 'missing' | 'letters' | 'short' | 'long';

/** The most characters one of the two names may have. */
export const MAX_NAME_LENGTH = 60;

const ALLOWED = /^[A-Za-z\s-]*$/;

/** Surrounding and repeated white space folded, upper-cased. */
export function foldName(value: string): string {
  return value.trim().replace(/\s+/g, ' ').toUpperCase();
}

/**
 * Check one of the two names as it is being typed.
 *
 * @returns null when it will do
 */
export function checkName(value: string): NameProblem | null {
  const name = foldName(value);
  if (name === '') {
    return 'missing';
  }
  // The letters as typed: upper-casing makes English letters of others (ß becomes SS).
  if (!ALLOWED.test(value)) {
    return 'letters';
  }
  if (name.replace(/[ -]/g, '').length < 2) {
    return 'short';
  }
  return name.length > MAX_NAME_LENGTH ? 'long' : null;
}

/** Letters that no accent makes of English ones, and what is written for them. */
const INSTEAD: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i'
};

/**
 * Write a name in English letters as far as that can be done: `José` becomes
 * `Jose`, and `O’Brien` `OBrien`. Other characters stay as they are.
 */
export function inEnglishLetters(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/[\p{M}'’ʼ.]/gu, '')
    .replace(/[^\0-\x7f]/g, letter => {
      const instead = INSTEAD[letter.toLowerCase()];
      return !instead || letter === letter.toLowerCase()
        ? (instead ?? letter)
        : instead[0].toUpperCase() + instead.slice(1);
    });
}

/**
 * Make a student of two names.
 *
 * @returns null when either name is refused
 */
export function makeStudent(first: string, last: string): IStudent | null {
  if (checkName(first) !== null || checkName(last) !== null) {
    return null;
  }
  const names = [foldName(first), foldName(last)];
  return { id: names.join('_'), name: names.join('-') };
}

/**
 * Tell who goes by these names.
 *
 * @returns null when either name is refused
 */
export function studentOf(names: INames): IStudent | null {
  const { first, last, account, own, listed, pseudonym } = names;
  if (pseudonym !== undefined) {
    // No name: everything here goes into events, and to the kernel.
    return { id: pseudonym.code, name: pseudonym.code };
  }
  const named = own ?? listed;
  if (named !== undefined) {
    return { id: named.id, name: named.name, shown: named.name };
  }
  return account === undefined
    ? makeStudent(first, last)
    : { id: account, name: account };
}
