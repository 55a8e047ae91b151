import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Extent } from './extent.js';
import type { Span } from './markedsecrets.js';
import { isInWord } from './words.js';

/** So many told values are known, the last ones. */
export const MAX_TOLD = 100;
/** The lengths of values that are told, in UTF-16 code units. */
export const LENGTHS = { least: 8, most: 300 } as const;
/** A filter has so many bits: of 65,536 places one looks like a value, and needs a digest. */
export const FILTER_BITS = 16;
/** UTF-16 code units that SHA-256 takes at once. */
const BLOCK = 32;

/** The description of a secret, from which a page recognises it and cannot tell it. */
export interface IToldValue {
  /** In UTF-16 code units. */
  readonly length: number;
  /** Of the last eight code units, so that few places of a text need a digest. */
  readonly filter: number;
  /** SHA-256 of the salt and the value in UTF-16, little-endian, as hexadecimal digits. */
  readonly digest: string;
}

/**
 * Secrets that this page finds in a text and cannot tell: values of environment
 * variables, of which kernels tell length, filter and digest. Both are made with the
 * page's salt, which goes to kernels only: who reads just what kernels answer
 * cannot try guesses. `toldvalues.py` makes the same.
 */
export class ToldValues {
  /** @param salt - 32 hexadecimal digits. Default: others in each page */
  constructor(readonly salt = randomSalt()) {
    // An odd base loses no bit of what was before.
    this._base = parseInt(salt.slice(0, 8), 16) | 1;
    this._gone = power(this._base, LENGTHS.least);
    this._salt = hexToBytes(salt);
  }

  /** Know values from now on, and no more than the last hundred. */
  take(values: ReadonlyArray<IToldValue>): void {
    for (const value of values) {
      this._told.delete(value.digest);
      this._told.set(value.digest, value);
    }
    for (const digest of this._told.keys()) {
      if (this._told.size > MAX_TOLD) {
        this._told.delete(digest);
      }
    }
    this._index();
  }

  /** Forget what was told. */
  forget(): void {
    this._told.clear();
    this._index();
  }

  /** Where told values stand; takes time in proportion to the text's length, whatever was told. */
  find(text: string, extent: Extent): Span[] {
    const spans: Span[] = [];
    if (this._told.size === 0) {
      return spans;
    }
    extent.begin();
    let rolled = 0;
    for (let end = 1; end <= text.length; end++) {
      rolled = this._roll(rolled, text, end - 1);
      const filter = filterOf(rolled);
      if (this._isFilter[filter] === 0 || isInWord(text, end)) {
        continue;
      }
      for (const { length, digest } of this._byFilter.get(filter) ?? []) {
        const start = end - length;
        if (start < 0 || isInWord(text, start)) {
          continue;
        }
        if (!this._mayDigest(length, end, extent)) {
          return spans;
        }
        if (this._digest(text.slice(start, end)) === digest) {
          spans.push([start, end]);
        }
      }
    }
    return spans;
  }

  private _index(): void {
    this._isFilter = new Uint8Array(
      this._told.size === 0 ? 0 : 2 ** FILTER_BITS
    );
    this._byFilter.clear();
    for (const value of this._told.values()) {
      const { filter } = value;
      this._byFilter.set(filter, [
        ...(this._byFilter.get(filter) ?? []),
        value
      ]);
      this._isFilter[filter] = 1;
    }
  }

  /** Take a character into the polynomial, and the one that is eight before out of it. */
  private _roll(rolled: number, text: string, at: number): number {
    const gone = at < LENGTHS.least ? 0 : text.charCodeAt(at - LENGTHS.least);
    return (
      (Math.imul(rolled, this._base) +
        text.charCodeAt(at) -
        Math.imul(gone, this._gone)) |
      0
    );
  }

  /** A digest takes as long as its text; where there were too many, nothing of a value is left. */
  private _mayDigest(length: number, end: number, extent: Extent): boolean {
    const place = Math.max(0, end - LENGTHS.most);
    for (let hashed = 0; hashed < length; hashed += BLOCK) {
      if (!extent.has(place)) {
        return false;
      }
    }
    return true;
  }

  private _digest(value: string): string {
    const bytes = new Uint8Array(this._salt.length + 2 * value.length);
    bytes.set(this._salt);
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      bytes[this._salt.length + 2 * i] = code;
      bytes[this._salt.length + 2 * i + 1] = code >> 8;
    }
    return bytesToHex(sha256(bytes));
  }

  private readonly _salt: Uint8Array;
  private readonly _base: number;
  /** The factor of the character that leaves the polynomial. */
  private readonly _gone: number;
  /** By digest, in the order they were told. */
  private readonly _told = new Map<string, IToldValue>();
  private readonly _byFilter = new Map<number, IToldValue[]>();
  /** Which filters there are: asked at each place of a text. */
  private _isFilter = new Uint8Array();
}

/** The values of variables of the environments of this page's kernels; never stored, never sent. */
export const toldValues = new ToldValues();

function randomSalt(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16)));
}

function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : Math.imul(base, power(base, exponent - 1));
}

/** The first bits of the polynomial, mixed: its last ones depend on the last bits of characters alone. */
function filterOf(rolled: number): number {
  return Math.imul(rolled ^ (rolled >>> 16), 0x9e3779b1) >>> (32 - FILTER_BITS);
}
