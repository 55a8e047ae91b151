import { withoutSecrets } from './secrets.js';

/**
 * ANSI escape sequences: colours and cursor moves, operating system commands,
 * device control strings, and the short ones; also one that was cut off.
 */
const ANSI =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|\u001b(?:\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~]?)/g;

/** Characters that a path may follow; after a word, or the scheme of a URL, a text is no path. */
const BEFORE = '(^|[\\s"\'`(=<[{,:;|>])';
/** Letters of any language: people's names are in paths. */
const NAME = '[\\p{L}\\p{M}\\p{N}_.@+~%$-]+';
/** On Windows people's names come with spaces; whole only where quotes end them. */
const SPACED = '[^\\\\/:*?"\'<>|\\r\\n]{1,100}';

/**
 * Absolute paths of two segments or more, as on POSIX, with a drive letter, or
 * on a Windows share. Without one of these beginnings it may be a URL, a
 * fraction or a regular expression. The last segment is its own group.
 */
const PATH = new RegExp(
  `${BEFORE}(?:` +
    `((?:file://)?(?:~[\\w.-]*)?/(?:${NAME}/{1,2})+)(${NAME})|` +
    `([A-Za-z]:[\\\\/]{1,2}(?:${SPACED}[\\\\/]{1,2})+)(${SPACED}(?=["'])|${NAME})|` +
    `(\\\\\\\\${NAME}\\\\(?:${NAME}\\\\)+)(${NAME}))`,
  'gmu'
);

/** A word of a folder's or a file's name; one may be made of several. */
const WORD = '[^\\s/\\\\:*?"\'<>|,;]{1,100}';

/**
 * The same where people's and courses' directories lie: whatever stands before
 * it (a flag, an URL's scheme), and with spaces in the names of folders.
 */
const ROOTED = new RegExp(
  '(^|[^\\p{L}\\p{N}_./:]|:(?!//(?!/))|(?:^|\\s)-[A-Za-z]|file://[\\w.-]{1,64}(?=/))' +
    '((?:file://|[A-Za-z]:)?/{1,4}(?:home|Users|root|mnt|tmp|srv)/{1,2}' +
    `(?:${WORD}(?: (?=[\\p{L}\\p{N}(&-])${WORD}){0,4}/{1,2})*)` +
    `(${SPACED}(?=["'”’])|${NAME})`,
  'gmu'
);

/** Whether to look for one at all: most texts have none. */
const ROOT = /\/(?:home|Users|root|mnt|tmp|srv)\//;

/** A directory whose every entry is named after a person. */
const HOMES = /^(?:file:\/\/|[A-Z]:)?[\\/]+(?:home|users)[\\/]+$/i;

/** Credentials in an address, as Jupyter prints them with its URLs. */
const QUERY_TOKEN = /([?&#](?:token|access_token|_xsrf)=)[^&\s"'<>]+/gi;

/** The server's own token, which may come in any guise. */
let secret = '';

/** Shorter ones are words. */
const SECRET_LENGTH = 8;

/** @returns the text without ANSI escape sequences. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, '');
}

/** @param token - of the Jupyter server: taken out of every text from now on */
export function hideToken(token: string): void {
  secret = token.length < SECRET_LENGTH ? '' : token;
}

/** Remove the server's token, those in addresses, and all secrets: all else stands as it was typed. */
export function withoutTokens(text: string): string {
  const own = secret ? text.split(secret).join('…') : text;
  return withoutSecrets(own.replace(QUERY_TOKEN, '$1…'));
}

/**
 * Remove where the lesson runs from what it printed: directories of absolute
 * paths (user and host names hide there), tokens and secrets.
 */
export function withoutPlaces(text: string): string {
  const plain = withoutTokens(text);
  return (ROOT.test(plain) ? plain.replace(ROOTED, short) : plain).replace(
    PATH,
    (_, before: string, ...groups: (string | undefined)[]) => {
      const [folder = '', last = ''] = groups.filter(
        group => group !== undefined
      );
      return short(_, before, folder, last);
    }
  );
}

/** What is left of a path that is found. */
function short(
  _: string,
  before: string,
  folder: string,
  last: string
): string {
  return HOMES.test(folder) ? `${before}…` : `${before}…/${last}`;
}

/** @returns a JSON value whose texts, names of properties too, are cleaned */
export function cleanJSON<T>(value: T): T;
export function cleanJSON(value: unknown): unknown {
  if (typeof value === 'string') {
    return withoutPlaces(stripAnsi(value));
  }
  if (Array.isArray(value)) {
    return value.map(item => cleanJSON<unknown>(item));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(cleanJSON<[string, unknown]>)
      )
    : value;
}
