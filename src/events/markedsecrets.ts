import type { Extent } from './extent.js';
import type { Alphabet, IMark } from './marktable.js';
import { alphabet, marksAt, WITHIN } from './marktable.js';
import { distinctOf, isRandom, isVeryRandom } from './randomness.js';

/** Where a secret stands in a text: its beginning, and the end behind it. */
export type Span = readonly [start: number, end: number];

/** Every secret with a mark has so many characters of this kind together, at its end or behind its mark. */
const LEAST_RUN = 16;
/** A run of small letters alone is a name. */
const IN_CHANCE = /[A-Z0-9]/;
/** How far before them a mark may begin. */
const BEHIND = 64;
/** What looks like a mark of somebody's, and behind the mark chance. */
const LIKE_MARKED =
  /^[a-z][a-z0-9]{1,11}[_-](?:[a-z0-9]{1,10}[_-]){0,3}([A-Za-z0-9]{20,128})$/;
/** What ids begin with. */
const ID =
  /^(?:toolu|msg|chatcmpl|cmpl|call|run|step|asst|thread|resp|req|file|batch|gen|evt|event|img|image|fig|cell|node|id|sha\d*|job|task|build|user|org|proj|cus|sub|price|prod|in|ch|pi|vs|ft)[_-]/;
const ALNUM = alphabet('A-Za-z0-9');
const WORD = alphabet('\\w');
const IN_RUN = alphabet('\\w-');
/** A checksum of GitHub's and npm's is the last 6 of so many characters. */
const CHECKED = 36;

/** Finds the secrets in one text that their marks give away; each place is looked at once. */
export function findMarked(text: string, extent: Extent): Span[] {
  const spans: Span[] = [];
  const stretches = new Map<Alphabet, { from: number; end: number }>();
  /** Where what an alphabet spells ends; what is known of one place holds for those within. */
  const endOf = (signs: Alphabet, at: number): number => {
    const known = stretches.get(signs);
    if (known && known.from <= at && at <= known.end) {
      return known.end;
    }
    let end = at;
    while (signs[text.charCodeAt(end)]) {
      end++;
    }
    stretches.set(signs, { from: at, end });
    return end;
  };
  let next = 0;
  let searched = 0;
  for (let run = nextRun(text, 0); run; run = nextRun(text, next)) {
    const [start, stop] = run;
    const word = text.slice(start, stop);
    if (!IN_CHANCE.test(word)) {
      next = stop;
      continue;
    }
    let at = Math.max(searched, start - BEHIND);
    while (at < stop) {
      const marks = marksAt(text, at);
      const end = marks.length && markedEnd(text, at, marks, endOf, extent);
      if (end > 0) {
        spans.push([at, end]);
      }
      at = Math.max(at + 1, end);
    }
    if (at <= stop && isLikeMarked(text, start, word, extent)) {
      spans.push([start, stop]);
    }
    if (stop > extent.end) {
      return spans;
    }
    next = searched = Math.max(stop, at);
  }
  for (const each of WITHIN) {
    findWithin(text, each, endOf, extent).forEach(span => spans.push(span));
  }
  return spans;
}

/** The next run from a place on; most characters of a text that has none are not looked at. */
function nextRun(text: string, from: number): Span | null {
  let start = from;
  while (start + LEAST_RUN <= text.length) {
    let last = start + LEAST_RUN - 1;
    while (last >= start && IN_RUN[text.charCodeAt(last)]) {
      last--;
    }
    if (last < start) {
      let end = start + LEAST_RUN;
      while (IN_RUN[text.charCodeAt(end)]) {
        end++;
      }
      return [start, end];
    }
    start = last + 1;
  }
  return null;
}

/** Whether what stands at a place is an id of something, as programs print them. */
export function isId(word: string): boolean {
  return ID.test(word);
}

function isLikeMarked(
  text: string,
  at: number,
  word: string,
  extent: Extent
): boolean {
  const chance = LIKE_MARKED.exec(word)?.[1];
  return (
    chance !== undefined &&
    extent.has(at) &&
    isVeryRandom(chance) &&
    !isId(word) &&
    !'+/.%='.includes(text[at - 1] ?? ' ') &&
    !'+/='.includes(text[at + word.length] ?? ' ')
  );
}

type EndOf = (signs: Alphabet, at: number) => number;

/** @returns where the secret ends whose mark begins at a place; 0: there is no secret */
function markedEnd(
  text: string,
  at: number,
  marks: ReadonlyArray<IMark>,
  endOf: EndOf,
  extent: Extent
): number {
  if (ALNUM[text.charCodeAt(at)] && isWithinWord(text, at)) {
    return 0;
  }
  let end = 0;
  for (const each of marks) {
    if (text.startsWith(each.mark, at) && extent.has(at)) {
      end = Math.max(end, endBehind(text, at, each, endOf));
    }
  }
  return end;
}

/** Whether a word has begun before a place; `\n` and `%20`, as programs write them, are no word. */
function isWithinWord(text: string, at: number): boolean {
  return (
    ALNUM[text.charCodeAt(at - 1)] === 1 &&
    !/\\[nrt]$|%[0-9A-F]{2}$/.test(text.slice(Math.max(0, at - 3), at))
  );
}

/** @returns where what follows a mark ends, if the mark's secret does; else 0 */
function endBehind(
  text: string,
  markAt: number,
  each: IMark,
  endOf: EndOf
): number {
  const at = markAt + each.mark.length;
  let end = endOf(each.alphabet, at);
  if (end - at > each.greatest) {
    // A checksum that is right says where the secret ends, whatever follows.
    const whole = text.slice(at, at + CHECKED);
    return each.hasChecksum && isChecked(whole) ? at + CHECKED : 0;
  }
  while (end - at > each.least && '.-/'.includes(text[end - 1])) {
    // Where a sentence ends, say.
    end--;
  }
  if (end - at < each.least || WORD[text.charCodeAt(end)]) {
    return 0;
  }
  const body = text.slice(at, end);
  const isOne =
    (each.greatest < 8 || distinctOf(body) >= 6) &&
    (!each.isWeak || isRandom(body)) &&
    (Number.isNaN(each.dots) || body.split('.').length - 1 === each.dots);
  return isOne ? end : 0;
}

/** The secrets that have a mark within them, or at their end. */
function findWithin(
  text: string,
  each: IMark,
  endOf: EndOf,
  extent: Extent
): Span[] {
  const spans: Span[] = [];
  let last = 0;
  let lastStart = 0;
  let at = text.indexOf(each.mark);
  while (at >= 0 && extent.has(at)) {
    let start = at;
    while (start > last && each.before?.[text.charCodeAt(start - 1)]) {
      start--;
    }
    // What stood before the last mark goes on up to this one.
    start = start === last ? lastStart : start;
    const length = at - start;
    const end =
      length >= each.leastBefore && length <= each.greatestBefore
        ? endBehind(text, at, each, endOf)
        : 0;
    if (end > 0) {
      spans.push([start, end]);
    }
    [last, lastStart] = [at, start];
    at = text.indexOf(each.mark, at + each.mark.length);
  }
  return spans;
}

/** Whether the last six of 36 characters are the CRC-32 of those before them, in base 62. */
function isChecked(whole: string): boolean {
  let crc = ~0;
  for (const sign of whole.slice(0, -6)) {
    crc ^= sign.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  let rest = ~crc >>> 0;
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = DIGITS[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return whole.endsWith(digits);
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
