import { Extent } from './extent.js';
import { findLearned, forgetLearned, learn } from './learnedvalues.js';
import type { Span } from './markedsecrets.js';
import { findMarked, isId } from './markedsecrets.js';
import { findNamed } from './namedsecrets.js';
import { isVeryRandom } from './randomness.js';
import { toldValues } from './toldvalues.js';

/** What is left of a secret. */
export const SECRET = '‹secret›';

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

/** Forget what was learned and told. */
export function forgetSecrets(): void {
  forgetLearned();
  toldValues.forget();
}

/** @returns the text with `‹secret›` for each secret that it tells; takes time in proportion to its length */
export function withoutSecrets(text: string): string {
  if (isOff) {
    return text;
  }
  const extent = new Extent(text);
  const found = [
    ...findSecrets(text, extent),
    ...toldValues.find(text, extent)
  ].sort(byStart);
  learn(text, found);
  return cutOut(text, [...found, ...findLearned(text, extent)], extent);
}

/** @returns a text that was cleaned, without what was learned and told since */
export function withoutKnown(text: string): string {
  if (isOff) {
    return text;
  }
  const extent = new Extent(text);
  const spans = [
    ...toldValues.find(text, extent),
    ...findLearned(text, extent)
  ];
  return cutOut(text, spans, extent);
}

function cutOut(text: string, spans: Span[], extent: Extent): string {
  if (extent.end < text.length) {
    spans.push([extent.end, text.length]);
  }
  let clean = '';
  let done = 0;
  for (const [start, end] of spans.sort(byStart)) {
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
