/** Names whose values are secrets, such as `password` and `API_KEY`. */

/** The secret that a name tells of. */
export type Kind =
  /** A password: nearly any value is one. */
  | 'password'
  /** A token: a value that looks like chance is one. */
  | 'token'
  /** Some key: only a value that could hardly be anything else is a secret. */
  | 'key'
  | 'authorization';

/** A name is looked at where one of these is in it, in small letters. */
export const ROOTS = [
  'pass',
  'pwd',
  'secret',
  'token',
  'key',
  'credential',
  'auth',
  'appid',
  'bearer',
  'login'
];

/** Names of calls and arguments that somebody signs in with: the second value is a password. */
export const LOGIN = /^(?:login|auth|(?:http_)?(?:basic|digest)_auth)$/;
const PASSWORD =
  /(?:^|_)(?:pass|password|passwd|passwort|passphrase|passcode|pwd|pw)\d{0,3}(?:_confirm|_confirmation)?$|(?:password|passwd|passphrase|passwort|pwd)\d{0,3}$|(?:db|my|root|admin|user|smtp|ftp|ssh)pass$/;
const TOKEN =
  /secret(?!s$|ar)|token(?!i[zs]|s$)|credential|appid|(?:^|_)sig$|(?:api|secret|private|access|auth|account|shared|subscription|encryption|signing|licen[cs]e|service|client|master|storage|admin|app|application|consumer|developer|webhook|deploy|session|security|bot|server|write|read|ingest|project|instrumentation)_?keys?\d{0,3}(?:_|$)/;
const KEY = /(?:^|_)key\d{0,3}(?:_id)?$|[a-z]key$/;
/** Jupyter's own token is any word that somebody chose. */
const OF_JUPYTER = /^(?:jupyter|jupyterhub|jpy)_(?:api_)?token$/;
/** Names before a key that give away the key by a blank. */
const SPACED = /(?:api|secret|access|auth|license|account|subscription) $/i;
/** Calls whose argument `key` is a secret whatever it looks like. */
const CALL =
  /(?:login|lient|configure|authenticate|init|Api|API)\([^()\n]{0,40}$/;

/** A variable of the environment, or one named like them. */
const VARIABLE =
  /^(?![A-Z0-9_]*(?:CACHE|PRIMARY|FOREIGN|SORT|HASH|PARTITION|DATA|OBJECT|DICT|LOOKUP|COMMIT|MD5|SHA))[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_KEY$/;

/**
 * The secret that a name tells of, null: of none.
 *
 * @param name - in small letters, its words joined by `_`
 * @param written - as it stands in the text
 * @param before - the 40 characters before it
 * @param root - that of `ROOTS` by which the name was found
 */
export function kindOf(
  name: string,
  written: string,
  before: string,
  root: string
): Kind | null {
  if (root === 'auth') {
    return name.endsWith('authorization') ? 'authorization' : null;
  }
  if (root === 'pass' || root === 'pwd') {
    return PASSWORD.test(name) ? 'password' : null;
  }
  if (OF_JUPYTER.test(name)) {
    return 'password';
  }
  if (name.includes('public')) {
    return null;
  }
  if (TOKEN.test(name) || (root === 'key' && SPACED.test(before))) {
    return 'token';
  }
  if (root !== 'key' || !KEY.test(name)) {
    return null;
  }
  const isSecret =
    CALL.test(before) || /[?&]$/.test(before) || VARIABLE.test(written);
  return isSecret ? 'token' : 'key';
}
