import * as z from 'zod/mini';
import { hashFor } from './personcode';
import { keysOf } from './storagekeys';
import type { ITerms } from './terms';
import { noticeHash } from './terms';

/** The person of an answer by somebody who gave no name. */
export const NOBODY = '';

const text = z.string().check(z.maxLength(1000));
const texts = z.array(text).check(z.maxLength(100));

/** A student's answer in a course, as it is kept. */
const RECORD = z.object({
  /** The student's id, or `NOBODY`. */
  person: text,
  course: text,
  /** The notebook in which it was asked. */
  notebook: text,
  answer: z.enum(['given', 'declined', 'withdrawn']),
  mode: z.enum(['informed', 'opt-in', 'required']),
  noticeHash: text,
  destination: text,
  captured: texts,
  /** Every destination that this student ever agreed to in this course. */
  accepted: texts,
  /** When it was answered, in milliseconds since 1970. */
  at: z.number(),
  /** What happened before is not recorded, in milliseconds since 1970. */
  since: z.number()
});

/** A student's answer in a course. */
export type ConsentRecord = Readonly<z.infer<typeof RECORD>>;

/** Whether a record is of a consent to these terms, or to more. */
export function covers(record: ConsentRecord, terms: ITerms): boolean {
  return (
    record.answer === 'given' &&
    record.noticeHash === noticeHash(terms) &&
    record.destination === terms.destination &&
    terms.captured.every(kind => record.captured.includes(kind))
  );
}

/**
 * The answers of the students of this browser, a record for each student and
 * course: those of one course say nothing of another.
 */
export class ConsentRecords {
  /**
   * @param scope - server base URL and hub user, as of the identity
   * @param storage - the browser's `localStorage`; null where it is forbidden:
   * answers then last as long as the page
   */
  constructor(scope: string, storage: Storage | null) {
    this._prefix = `ipynb-telemetry:consent:${scope}:`;
    this._storage = storage;
  }

  /** The answer of a student in a course, or null. */
  of(person: string, course: string): ConsentRecord | null {
    const key = this._keyOf(person, course);
    const found = this._inPage.get(key) ?? this._read(key);
    // Two texts that are put together may be alike where the two are not.
    return found?.person === person && found.course === course ? found : null;
  }

  /**
   * Keep an answer.
   *
   * @param isRemembered - whether other pages and later visits know of it
   */
  set(record: ConsentRecord, isRemembered: boolean): void {
    const key = this._keyOf(record.person, record.course);
    this._inPage.delete(key);
    if (!isRemembered || !this._write(key, record)) {
      this._inPage.set(key, record);
    }
  }

  /** Forget an answer. */
  forget(person: string, course: string): void {
    const key = this._keyOf(person, course);
    this._inPage.delete(key);
    try {
      this._storage?.removeItem(key);
    } catch (reason) {
      warn(reason);
    }
  }

  /** A course has another name from now on: all answers hold under that one. */
  rename(from: string, to: string): void {
    for (const record of this.all) {
      if (record.course === from) {
        this.forget(record.person, from);
        if (this.of(record.person, to) === null) {
          this.set({ ...record, course: to }, true);
        }
      }
    }
  }

  /** Whether a key of the browser's storage is that of an answer. */
  has(key: string | null): boolean {
    return key === null || key.startsWith(this._prefix);
  }

  /** All answers that there are. */
  get all(): ConsentRecord[] {
    const found = new Map(this._inPage);
    for (const key of keysOf(this._storage, this._prefix)) {
      const record = found.has(key) ? null : this._read(key);
      if (record) {
        found.set(key, record);
      }
    }
    return [...found.values()];
  }

  /** A stored answer may have been written by anybody: one that is damaged is none. */
  private _read(key: string): ConsentRecord | null {
    try {
      const stored = this._storage?.getItem(key);
      const { data } = RECORD.safeParse(JSON.parse(stored ?? 'null'));
      return data ?? null;
    } catch {
      return null;
    }
  }

  private _write(key: string, record: ConsentRecord): boolean {
    try {
      this._storage?.setItem(key, JSON.stringify(record));
      return this._storage !== null;
    } catch (reason) {
      warn(reason);
      return false;
    }
  }

  private _keyOf(person: string, course: string): string {
    return this._prefix + hashFor('consent', `${person}\n${course}`);
  }

  private readonly _prefix: string;
  private readonly _storage: Storage | null;
  /** Answers that no other page is to know of, or can be told of. */
  private readonly _inPage = new Map<string, ConsentRecord>();
}

function warn(reason: unknown): void {
  console.warn('ipynb-telemetry: an answer could not be remembered', reason);
}
