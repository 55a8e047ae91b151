import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { removeAll } from './storagekeys';

/** Crockford's base 32: no letter looks like a digit, and none is left to spell words with. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of a code: 80 random bits, five a character. */
const LENGTH = 16;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/**
 * Make a person's code: the secret that says which sessions are theirs. A code
 * goes to the collector only with what the person asks about themselves;
 * sessions are claimed with its verifier.
 */
export function makePersonCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(random, byte => ALPHABET[byte & 31]).join('');
}

/**
 * Read a code as people write it: in small letters, in groups, with the letters
 * O, I and L for the digits they look like.
 *
 * @returns null when the text is no code
 */
export function readPersonCode(text: string): string | null {
  const code = text
    .replace(/[\s-]/g, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return CODE.test(code) ? code : null;
}

/** Write a code as people copy it: `7K3Q-M0ZD-9RXV-2HTE`. */
export function spellPersonCode(code: string): string {
  return code.replace(/.{4}(?=.)/g, '$&-');
}

/**
 * Tell what a code is known by where it must not be known: the collector keeps it
 * beside each session. 80 random bits are too many to try, so that nobody finds the code.
 *
 * @returns 64 hexadecimal digits
 */
export function verifierOf(code: string): string {
  return hashFor('person', code);
}

/**
 * Hash a code, or the beginning of one, for one purpose: what is told for one
 * says nothing of the others. By a library, since a page that is served without
 * TLS has no `crypto.subtle`.
 *
 * @returns 64 hexadecimal digits
 */
export function hashFor(purpose: string, text: string): string {
  return bytesToHex(sha256(utf8ToBytes(`ipynb-telemetry ${purpose} ${text}`)));
}

/**
 * The codes of the people who have worked in this browser, kept beside their names.
 */
export class PersonCodes {
  /**
   * @param scope - server base URL and hub user, as of the identity
   * @param storage - the browser's `localStorage`; null where it is forbidden:
   * codes then last as long as the page
   */
  constructor(scope: string, storage: Storage | null) {
    this._prefix = `ipynb-telemetry:code:${scope}:`;
    this._storage = storage;
  }

  /** Emitted when a person has joined another code. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Give a person's code, and make it with the first question. */
  codeOf(person: string): string {
    const known = this.knownOf(person);
    if (known !== null) {
      return known;
    }
    const code = makePersonCode();
    this._write(person, code);
    return code;
  }

  /** Give a person's code, or null where this browser has none. */
  knownOf(person: string): string | null {
    try {
      // Another window may have made the code, or joined the person to another one.
      const stored = this._storage?.getItem(this._keyOf(person));
      const code = stored ? readPersonCode(stored) : null;
      if (code !== null) {
        return code;
      }
    } catch {
      // The storage has become forbidden: the page knows what it knew.
    }
    return this._inPage.get(person) ?? null;
  }

  /** Take a code that was made in another browser: both are one person's from now on. */
  join(person: string, code: string): void {
    this._write(person, code);
    this._changed.emit();
  }

  private _write(person: string, code: string): void {
    this._inPage.delete(person);
    try {
      this._storage?.setItem(this._keyOf(person), code);
      if (this._storage !== null) {
        return;
      }
    } catch (reason) {
      console.warn('ipynb-telemetry: the code could not be remembered', reason);
    }
    // Else a code that another page forgets would live on here.
    this._inPage.set(person, code);
  }

  /** Forget a person's code; the next one is another. */
  forget(person: string): void {
    this._inPage.delete(person);
    try {
      this._storage?.removeItem(this._keyOf(person));
    } catch (reason) {
      console.warn('ipynb-telemetry: the code could not be forgotten', reason);
    }
  }

  /** Forget everybody's code: somebody else may sit here. */
  handOver(): void {
    this._inPage.clear();
    removeAll(this._storage, this._prefix);
  }

  private _keyOf(person: string): string {
    return this._prefix + person;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _prefix: string;
  private readonly _storage: Storage | null;
  /** The codes of this page, for where nothing is remembered. */
  private readonly _inPage = new Map<string, string>();
}
