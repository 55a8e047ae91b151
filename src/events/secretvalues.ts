import { distinctOf, isRandom, isVeryRandom } from './randomness.js';
import type { Kind } from './tellingnames.js';

/** Values that stand for others: templates, and what forms and examples say. */
export const STAND_IN =
  /^(?:[<{$%[(*.,)\]…‹:=\\]|[xX.*_-]+$|#\{)|[{}<>‹›]|passw|passphrase|your[-_ ]|example|:$|^(?:none|null|true|false|string|str|text|secret|token|required|optional|hidden|username|user|changeme|default|empty|unknown|invalid|yes|no|test)$/i;

/** Whether a word can be the value of a name of a kind. */
export function fits(word: string, kind: Kind): boolean {
  const isOne =
    kind === 'password'
      ? word.length >= 4 && distinctOf(word) > 2
      : kind === 'token'
        ? isRandom(word)
        : isVeryRandom(word);
  return (
    isOne &&
    !/\s/.test(word) &&
    !/^[~/]|:\/\//.test(word) &&
    !STAND_IN.test(word)
  );
}

/** Whether letters and digits are in a word. */
export function isMixed(word: string): boolean {
  return word.length >= 6 && /[A-Za-z]/.test(word) && /\d/.test(word);
}
