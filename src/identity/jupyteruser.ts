import type { INames } from './name';
import { inEnglishLetters, makeStudent } from './name';

/** What Jupyter knows of whoever is signed in. */
export interface IJupyterUser {
  /** The user name they sign in with. */
  readonly username: string;
  /** The student they are, when the name leaves no doubt. */
  readonly names: INames | null;
  /** The names as far as they can be told, to begin the dialog with. */
  readonly suggestion: INames;
}

/** A server that knows nobody gives each page a moon: “Anonymous Ganymede”. */
const MADE_UP = /^anonymous\b/i;

/**
 * Read two names out of what an account is called: `ann.lee`, `ann_lee`,
 * `Ann Lee`, `ann-lee`, or such a name in front of an `@`.
 *
 * Two accounts must not become one student: what is left out to make a name
 * fit (digits, accents, a third part) may be all that tells them apart, so
 * that such a name is only suggested.
 *
 * @param username - unique among the server's users
 * @param name - the full name, where the server knows one
 * @returns null for nobody, and for an anonymous user
 */
export function readJupyterUser(
  username: string,
  name: string
): IJupyterUser | null {
  if (username === '' || MADE_UP.test(name) || MADE_UP.test(username)) {
    return null;
  }
  const candidates = [username, name].map(partsOf);
  const exact = candidates
    .filter(parts => parts.length === 2)
    .map(([first, last]) => ({ first: proper(first), last: proper(last) }))
    .find(({ first, last }) => makeStudent(first, last) !== null);
  const suggestions = candidates.map(suggestionOf);
  return {
    username,
    names: exact ?? null,
    suggestion:
      exact ??
      suggestions.find(({ last }) => last !== '') ??
      suggestions.find(({ first }) => first !== '') ??
      suggestions[0]
  };
}

/** A hyphen parts the names only where nothing else does: `anne-marie.lee`. */
function partsOf(text: string): string[] {
  const [local] = text.trim().split('@');
  const parts = local.split(/[._\s]+/).filter(part => part !== '');
  return parts.length === 1
    ? parts[0].split('-').filter(part => part !== '')
    : parts;
}

function suggestionOf(parts: string[]): INames {
  const words = parts
    .map(part =>
      inEnglishLetters(part)
        .replace(/[^A-Za-z-]/g, '')
        .replace(/^-+|-+$/g, '')
    )
    .filter(word => word.length > 1)
    .map(proper);
  return {
    first: (words.length > 1 ? words.slice(0, -1) : words).join(' '),
    last: words.length > 1 ? words[words.length - 1] : ''
  };
}

/** A name as people write it: `anne-marie` becomes `Anne-Marie`. */
function proper(word: string): string {
  return word.replace(/(^|-)[a-z]/g, start => start.toUpperCase());
}
