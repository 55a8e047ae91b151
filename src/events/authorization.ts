import type { Span } from './markedsecrets.js';
import { matchAt } from './matching.js';
import { isMixed, STAND_IN } from './secretvalues.js';

const SCHEME =
  /(?:(?:Bearer|Basic|Token|token|bearer|basic|ApiKey|Digest|Key|Bot|OAuth|SSWS|GenieKey)[ \t]{1,3})?/y;

/** What no quotation marks hold together. */
export const CREDENTIALS = /[^\s"'`,}\\]{1,2000}/y;

/** The value of an `Authorization` header: what is behind the scheme. */
export function authorization(
  text: string,
  at: number,
  last?: number
): Span | null {
  const start = matchAt(SCHEME, text, at)?.end ?? at;
  const end = last ?? matchAt(CREDENTIALS, text, start)?.end ?? start;
  const word = text.slice(start, end);
  const isOne =
    (start > at ? word.length >= 3 : isMixed(word)) &&
    !STAND_IN.test(word) &&
    !/[()\s]/.test(word);
  return isOne ? [start, end] : null;
}
