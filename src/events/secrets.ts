import { Extent } from './extent.js';
import type { Span } from './markedsecrets.js';
import { findMarked, isId } from './markedsecrets.js';
import { findNamed } from './namedsecrets.js';
import { distinctOf, isRandom, isVeryRandom } from './randomness.js';

/** What is left of a secret. */
export const SECRET = '‹secret›';

/** So many learned secrets are known, the last ones. */
const MAX_LEARNED = 100;

/** The password in a URL. What stands between `:` and the last `@` has no slash, hence each place is looked at once. */
const IN_URL = /:\/\/[^\s:@/?#'"<>]{0,100}:([^\s/'"<>]{1,200})@/g;
/** The password in an option of curl. */
const IN_OPTION =
  /[ \t](?:-u|--user)[ \t=]{1,2}["']?[\w.@+-]{1,60}:([^\s"'@]{4,100})/g;
/** The signature in an address of Azure's storage. */
const SIGNATURE = /[?&]sig=([A-Za-z0-9%+/]{43,90}(?:=|%3[dD]))/g;
const STAND_IN = /^(?:\d+$|[{<$%*[…‹]|pass|pw$|pwd$|secret$|x+$|\.+$)/i;
const BEGIN = '-----BEGIN ';
/** With what begins the key: texts about keys quote the line alone. */
const PRIVATE =
  /^[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----["']?[ \t]*(?:\r?\n|\\[nr])(?:\s|\\[nr]|["'+])*[A-Za-z0-9+/]{4}/;
/** Signs of base64 between quotation marks. */
const QUOTED = /(["'`])([\w+/-]{24,88}={0,2})(?=\1)/g;
/** Pictures and lines of mails in base64, files of Google Drive, and SHA-2 in base64. */
const ORDINARY =
  /^(?:iVBOR|\/9j\/|R0lGOD|1[\w-]{32}$|1[\w-]{43}$|sha\d+-|[\w+/]{43}=$|[\w+/]{86}==$|(?:.{60}|.{64}|.{72}|.{76})$)/;

/** Secrets that were found, which are cut wherever they stand from then on; never stored, never sent. */
const learned = new Set<string>();

/** Patterns of the course's own. */
let own: ReadonlyArray<RegExp> = [];
let isOff = false;

/**
 * Say what is a secret besides.
 *
 * @param patterns - a course's own, apart by white space, each as `OURS-[A-Z0-9]{8,12}`:
 *   a text, the signs that follow, and how many
 * @param keeps - whether all secrets stay in the texts
 */
export function setSecretRules(patterns: string, keeps: boolean): void {
  own = [...patterns.matchAll(OWN)].map(([, mark, ...form]) =>
    ownPattern(mark.replace(/[^\w\s-]/g, '\\$&'), form)
  );
  isOff = keeps;
}

/** Of signs or numbers that are the wrong way round nobody knows what was meant: all of a word goes. */
function ownPattern(
  mark: string,
  [signs, least, greatest = least]: string[]
): RegExp {
  try {
    return new RegExp(`${mark}[${signs}]{${least},${greatest}}`, 'g');
  } catch {
    return new RegExp(`${mark}[!-~]{1,200}`, 'g');
  }
}

/** A pattern of a course's own. */
const OWN =
  /(?<!\S)([^\s[\]{}\\]{2,60})\[((?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_.~+/=])+-?)\]\{(\d{1,3})(?:,(\d{1,3}))?\}(?!\S)/g;

/** Forget what was learned. */
export function forgetSecrets(): void {
  learned.clear();
}

/** @returns the text with `‹secret›` for each secret that it tells; takes time in proportion to its length */
export function withoutSecrets(text: string): string {
  if (isOff) {
    return text;
  }
  const extent = new Extent(text);
  const found = findSecrets(text, extent).sort(byStart);
  learn(text, found);
  const spans = [...found, ...findLearned(text, extent)].sort(byStart);
  if (extent.end < text.length) {
    spans.push([extent.end, text.length]);
  }
  let clean = '';
  let done = 0;
  for (const [start, end] of spans) {
    if (start >= done) {
      clean += text.slice(done, start) + SECRET;
    }
    done = Math.max(done, end);
  }
  return done ? clean + text.slice(done) : text;
}

function byStart([one]: Span, [other]: Span): number {
  return one - other;
}

/** How many secrets were taken out of a JSON value. */
export function countSecrets(value: unknown): number {
  if (typeof value === 'string') {
    return value.split(SECRET).length - 1;
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).reduce(
        (sum, [name, each]) => sum + countSecrets(name) + countSecrets(each),
        0
      )
    : 0;
}

/** Where secrets stand that the text itself gives away. */
function findSecrets(text: string, extent: Extent): Span[] {
  extent.begin();
  const spans = findMarked(text, extent);
  extent.begin();
  spans.push(...findNamed(text, extent), ...findKeys(text));
  extent.begin();
  for (const pattern of [IN_URL, IN_OPTION, SIGNATURE]) {
    for (const { 0: whole, 1: word, index } of text.matchAll(pattern)) {
      if (!extent.has(index)) {
        break;
      }
      const at = index + whole.lastIndexOf(word);
      if (!STAND_IN.test(word)) {
        spans.push([at, at + word.length]);
      }
    }
  }
  extent.begin();
  for (const { index, 2: word } of text.matchAll(QUOTED)) {
    if (!extent.has(index)) {
      break;
    }
    if (
      isVeryRandom(word) &&
      !ORDINARY.test(word) &&
      !isId(word) &&
      !isText(word)
    ) {
      spans.push([index + 1, index + 1 + word.length]);
    }
  }
  for (const pattern of own) {
    extent.begin();
    for (const { index, 0: whole } of text.matchAll(pattern)) {
      if (!extent.has(index)) {
        break;
      }
      spans.push([index, index + whole.length]);
    }
  }
  return spans;
}

/** Whether base64 stands for a text, as lessons on encodings print it. */
function isText(word: string): boolean {
  return (
    word.length % 4 === 0 &&
    /^[A-Za-z0-9+/]*={0,2}$/.test(word) &&
    /^[\t\n\r -~]*$/.test(atob(word))
  );
}

/** Private keys, from their first line to their last one. */
function findKeys(text: string): Span[] {
  const spans: Span[] = [];
  let at = text.indexOf(BEGIN);
  while (at >= 0) {
    let end = at + BEGIN.length;
    if (PRIVATE.test(text.slice(end, end + 120))) {
      // A key that was cut off goes on to the end.
      const last = text.indexOf('-----END ', end);
      const close = last < 0 ? -1 : text.indexOf('-----', last + 9);
      end = close < 0 ? text.length : close + 5;
      spans.push([at, end]);
    }
    at = text.indexOf(BEGIN, end);
  }
  return spans;
}

function findLearned(text: string, extent: Extent): Span[] {
  const spans: Span[] = [];
  extent.begin();
  for (const value of learned) {
    let at = text.indexOf(value);
    while (at >= 0 && extent.has(at)) {
      const end = at + value.length;
      // Where a longer word goes on, it is another word.
      if (!isInWord(text, at) && !isInWord(text, end)) {
        spans.push([at, end]);
      }
      at = text.indexOf(value, end);
    }
  }
  return spans;
}

function isInWord(text: string, at: number): boolean {
  return /^[A-Za-z0-9]{2}$/.test(text.slice(at - 1, at + 1));
}

/** Learn the last ones of the secrets that were found: no more of them are known. */
function learn(text: string, found: ReadonlyArray<Span>): void {
  const values = new Set<string>();
  for (let i = found.length - 1; i >= 0 && values.size < MAX_LEARNED; i--) {
    const value = text.slice(...found[i]);
    if (!values.has(value) && isLearnable(value)) {
      values.add(value);
    }
  }
  for (const value of [...values].reverse()) {
    learned.delete(value);
    learned.add(value);
  }
  for (const value of learned) {
    if (learned.size > MAX_LEARNED) {
      learned.delete(value);
    }
  }
}

function isLearnable(value: string): boolean {
  return (
    value.length >= 6 &&
    value.length <= 300 &&
    /[A-Za-z]/.test(value) &&
    /[^A-Za-z\s_]/.test(value) &&
    distinctOf(value) >= 5 &&
    (value.length < 40 || isRandom(value))
  );
}
