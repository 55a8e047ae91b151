import { authorization, CREDENTIALS } from './authorization.js';
import type { Extent } from './extent.js';
import type { Span } from './markedsecrets.js';
import type { IMatch } from './matching.js';
import { matchAt } from './matching.js';
import { isRandom } from './randomness.js';
import { fits, isMixed } from './secretvalues.js';
import type { Kind } from './tellingnames.js';
import { kindOf, LOGIN, ROOTS } from './tellingnames.js';

const NAME = /[A-Za-z0-9_-]{0,40}/y;

/** Between a name and its value; the groups: what closes the name, and a sign. */
const BETWEEN =
  /(\\{0,2}["'`])?[ \t]{0,3}[\])]?[ \t]{0,8}(:[ \t]?[A-Za-z_][\w.[\]| ]{0,30}=(?!=)|[=!]==?|=>|:=|<-|[:=]|,|\()[ \t\n]{0,8}/y;
/** What opens a value, perhaps within a call: the groups are the call and the quotation mark. */
const OPENING =
  /([A-Za-z_][\w.]{0,30}\([ \t]{0,4})?[A-Za-z]{0,2}\\{0,2}(?:"""|'''|(["'`]))/y;
/** Words between a name and a value that a message quotes. */
const WORDS = /(?:[ \t][A-Za-z]{1,12}){0,3}:?[ \t]{1,3}["'`]?/y;
const BARE = /[^\s"'`,;<>(){}[\]&|\\]+/y;
const LONGEST = 300;
const QUOTED: Record<string, RegExp> = {
  '"': /[^"\n\r]{1,300}/y,
  "'": /[^'\n\r]{1,300}/y,
  '`': /[^`\n\r]{1,300}/y
};
/** Two arguments of which the second is a password. */
const PAIR =
  /[ \t]{0,3}=?[ \t]{0,3}\([ \t]{0,4}(?:["'][^"'\n]{0,100}["']|[A-Za-z_][\w.]{0,60})[ \t]{0,4},[ \t]{0,4}(["'])/y;

/** Where the last stretch of a text ends that is too long for a value. */
let endless = 0;

/** Finds the secrets in one text that their names give away. */
export function findNamed(text: string, extent: Extent): Span[] {
  const spans: Span[] = [];
  // A capital dotted I becomes two characters.
  const low = text.replaceAll('\u0130', 'I').toLowerCase();
  for (const root of ROOTS) {
    endless = 0;
    let at = low.indexOf(root);
    while (at >= 0 && extent.has(at)) {
      const from = at + root.length;
      const end = matchAt(NAME, text, from)?.end ?? from;
      const span = valueOf(text, at, end, root);
      if (span) {
        spans.push(span);
      }
      // A stretch that is too long for a value has none within.
      at = low.indexOf(root, Math.max(end, endless));
    }
  }
  return spans;
}

/** The value of a name that has a root at a place. */
function valueOf(
  text: string,
  rootAt: number,
  end: number,
  root: string
): Span | null {
  let start = rootAt;
  while (rootAt - start < 40 && isOfName(text.charCodeAt(start - 1))) {
    start--;
  }
  const written = text.slice(start, end);
  const name = written
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/-/g, '_');
  if (root === 'bearer') {
    return name === root ? afterBearer(text, end) : null;
  }
  if (text.startsWith('::', start - 2)) {
    // The name of a resource in a list of them.
    return null;
  }
  if (LOGIN.test(name)) {
    return secondOf(text, end);
  }
  const before = text.slice(Math.max(0, start - 40), start);
  const kind = kindOf(name, written, before, root);
  return kind && value(text, start, end, kind);
}

/** The value of a name that stands from `start` to `end`. */
function value(
  text: string,
  start: number,
  end: number,
  kind: Kind
): Span | null {
  const between = matchAt(BETWEEN, text, end);
  if (!between) {
    return told(text, start, end, kind);
  }
  const [, closing, sign] = between.groups;
  const opening = matchAt(OPENING, text, between.end);
  if (opening && (sign !== ',' || closing)) {
    return quoted(text, opening, kind, start, sign, !closing);
  }
  if (sign === ':' || sign === '=') {
    const isTight = between.end === end + 1 && sign === '=';
    const isVariable = /^[A-Z0-9_]+$/.test(text.slice(start, end));
    return kind === 'authorization'
      ? unquotedAuthorization(text, between.end)
      : bare(text, between.end, kind, isTight, isVariable);
  }
  return null;
}

function quoted(
  text: string,
  opening: IMatch,
  kind: Kind,
  nameAt: number,
  sign: string,
  isOpen: boolean
): Span | null {
  const [whole, call] = opening.groups;
  const mark = whole.slice(-1);
  const inside = matchAt(QUOTED[mark], text, opening.end);
  if (!inside || text[inside.end] !== mark) {
    return null;
  }
  if (isOpen && text[nameAt - 1] === mark) {
    // “Password: ” is a text, and the mark behind it closes it.
    return null;
  }
  let { end } = inside;
  while (text[end - 1] === '\\') {
    end--;
  }
  if (kind === 'authorization') {
    return authorization(text, opening.end, end);
  }
  const word = text.slice(opening.end, end);
  const is = kind === 'password' && (call || sign === '(') ? 'token' : kind;
  const isListed = sign === ',' && kind === 'password' && !isMixed(word);
  return !isListed && fits(word, is) ? [opening.end, end] : null;
}

/** A value that no quotation marks hold together, to the next sign that cannot be in one. */
function bare(
  text: string,
  at: number,
  kind: Kind,
  isTight: boolean,
  isVariable: boolean
): Span | null {
  const found = matchBare(text, at);
  if (!found || '(['.includes(text[found.end] ?? ' ')) {
    return null;
  }
  const word = text.slice(at, found.end).replace(/[.:!?]+$/, '');
  const end = at + word.length;
  // Code names values: a name is no value, but in an environment.
  const isName = /^[A-Za-z_][\w.]*$/.test(word);
  const isPlace = /^[~./\\]|:\/\//.test(word);
  const isOne = isPlace
    ? false
    : kind === 'password' && isTight
      ? isName && !isVariable
        ? isMixed(word)
        : fits(word, kind)
      : kind === 'password'
        ? isMixed(word) && !isName && fits(word, kind)
        : fits(word, kind) &&
          word.length >= (isName && !isTight ? 16 : isTight ? 8 : 12);
  return isOne ? [at, end] : null;
}

/** A value that words lead to, as in “the API key … is wrong”. */
function told(
  text: string,
  start: number,
  end: number,
  kind: Kind
): Span | null {
  const words = matchAt(WORDS, text, end);
  if (!words) {
    return null;
  }
  const found = matchBare(text, words.end);
  if (!found) {
    return null;
  }
  const word = text.slice(words.end, found.end).replace(/[.:!?]+$/, '');
  const isOne =
    kind === 'password'
      ? isMixed(word) &&
        !/^[A-Za-z_][\w.]*$|=/.test(word) &&
        end - start > 4 &&
        fits(word, kind)
      : kind === 'token' && word.length >= 20 && fits(word, kind);
  return isOne ? [words.end, words.end + word.length] : null;
}

/** Credentials that no quotation marks hold together. */
function unquotedAuthorization(text: string, at: number): Span | null {
  const found = authorization(text, at);
  const stretch = found ? null : matchAt(CREDENTIALS, text, at);
  if (stretch && stretch.end - at > LONGEST) {
    endless = stretch.end;
  }
  return found;
}

function afterBearer(text: string, end: number): Span | null {
  const blank = matchAt(/[ \t]{1,3}/y, text, end);
  const found = blank && matchBare(text, blank.end);
  return found && isRandom(text.slice(blank.end, found.end))
    ? [blank.end, found.end]
    : null;
}

/** The second argument of a call, or the second of a pair, that somebody signs in with. */
function secondOf(text: string, end: number): Span | null {
  const pair = matchAt(PAIR, text, end);
  const inside = pair && matchAt(QUOTED[pair.groups[1]], text, pair.end);
  return inside &&
    text[inside.end] === pair.groups[1] &&
    fits(text.slice(pair.end, inside.end), 'password')
    ? [pair.end, inside.end]
    : null;
}

function matchBare(text: string, at: number): IMatch | null {
  const found = matchAt(BARE, text, at);
  if (found && found.end - at > LONGEST) {
    endless = found.end;
    return null;
  }
  return found;
}

function isOfName(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45
  );
}
