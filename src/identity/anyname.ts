import type { NameProblem } from './name';
import { inEnglishLetters } from './name';
import type { IOwnName } from './ownname';
import { hashFor, readPersonCode } from './personcode';

/** The most characters of a name as it is written. */
export const MAX_ANY_NAME_LENGTH = 100;
/** The most characters of the letters in an id. */
const MAX_LABEL_LENGTH = 40;
/** For names in letters that cannot be written as English ones. */
const NEUTRAL_LABEL = 'STUDENT';
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Letters and marks of every script, what joins them, apostrophes, hyphens and full stops. */
const ALLOWED =
  /^(?:[\p{L}\p{M}\p{Zs}\s'\u2019\u2018\u02bb\u02bc\u05f3\u05f4\u00b7\u30fb\u200c.\u2010-]|\u200d)*$/u;
const LABEL = '[A-Z]+(?:[_-][A-Z]+)*';
const ID = new RegExp(`^${LABEL}-[${ALPHABET}]{6}$`);
/** A code as it was written down: with its label in front, or alone. */
const JOIN = new RegExp(
  `^(?:(${LABEL})[\\s-]+)?((?:[0-9A-Z]{4}[\\s-]?){3}[0-9A-Z]{4})$`
);

/** A name as it is kept: composed (NFC), with single spaces. */
export function tidyName(value: string): string {
  return value.normalize('NFC').trim().replace(/\s+/g, ' ');
}

/** @returns why a name is refused, or null when it will do */
export function checkAnyName(value: string): NameProblem | null {
  const name = tidyName(value);
  if (name === '') {
    return 'missing';
  }
  if (!ALLOWED.test(name) || !/\p{L}/u.test(name)) {
    return 'letters';
  }
  return name.length > MAX_ANY_NAME_LENGTH ? 'long' : null;
}

/** Write a name in English capitals, as far as that can be done: `Seán O’Brien` becomes `SEAN_OBRIEN`. */
export function labelOf(name: string): string {
  const words = inEnglishLetters(tidyName(name))
    .toUpperCase()
    .match(/[A-Z]+(?:-[A-Z]+)*/g);
  const label = (words ?? []).join('_').slice(0, MAX_LABEL_LENGTH);
  return label.replace(/[_-]+$/, '') || NEUTRAL_LABEL;
}

/** What tells a person's id from that of another one with the same name. */
export function suffixOf(code: string): string {
  const bits = parseInt(hashFor('suffix', code).slice(0, 8), 16);
  return Array.from(
    { length: 6 },
    (_, place) => ALPHABET[Math.floor(bits / 32 ** place) % 32]
  ).join('');
}

/**
 * Give a person's name and id.
 *
 * @param label - of the id; default: made of the name
 */
export function ownName(
  name: string,
  code: string,
  label = labelOf(name)
): IOwnName {
  return { name: tidyName(name), id: `${label}-${suffixOf(code)}` };
}

/** Whether a name and an id may be those of a person; they may have been written by anybody. */
export function isOwnName(own: unknown): own is IOwnName {
  const { name, id } = (own ?? {}) as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    typeof id === 'string' &&
    name === tidyName(name) &&
    checkAnyName(name) === null &&
    id.length <= MAX_LABEL_LENGTH + 7 &&
    ID.test(id)
  );
}

/** A code that was written down on another device. */
export interface IJoinCode {
  readonly code: string;
  /** The letters in the id; null: they were not written down. */
  readonly label: string | null;
}

/** Read a code as it was written down; null: the text is none. */
export function readJoinCode(text: string): IJoinCode | null {
  const found = JOIN.exec(text.trim().toUpperCase());
  const code = found && readPersonCode(found[2]);
  return code === null || found === null
    ? null
    : { code, label: found[1]?.slice(0, MAX_LABEL_LENGTH) ?? null };
}
