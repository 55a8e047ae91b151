import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Holding } from '../capture/holding';
import type { CatalogEvent } from '../events/payload';
import { Session } from '../events/session';
import type { IStudent } from '../events/student';
import type { ConsentRecord } from '../identity/consentrecords';
import { ConsentRecords, covers } from '../identity/consentrecords';
import type { StudentIdentity } from '../identity/identity';
import type { INames } from '../identity/name';
import { studentOf } from '../identity/name';
import type { ITerms } from '../identity/terms';
import { noticeHash } from '../identity/terms';
import type { Gate } from './gate';

/** A course in which work may be recorded, and the notebook that a question about it is asked in. */
export interface ICourse {
  /** The name in the notebooks' flags, or the hash of their folder. */
  readonly course: string;
  readonly notebook: string;
}

/** What a student is asked. */
export interface IQuestion {
  readonly known: INames | null;
  readonly terms: ITerms;
  /** Whether the work of the known student is recorded already. */
  readonly isRecorded: boolean;
  /** Whether the known student had agreed to other terms. */
  readonly isChanged: boolean;
  readonly signal: AbortSignal;
}

/** Whether a student agreed in a course, said no, or has not answered what is asked now. */
export type ConsentState = 'given' | 'refused' | 'unanswered';

/** The person of an answer by somebody who gave no name. */
const NOBODY = '';

/**
 * The consent of whoever is at work, course by course: asks for it, keeps the
 * answers, has them told, and says what follows from them.
 */
export class Consents {
  constructor(private readonly _options: Consents.IOptions) {
    this._records = new ConsentRecords(_options.scope, _options.storage);
    window.addEventListener('storage', this);
  }

  /** Emitted when there is another answer, or may be. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The answer of whoever is at work. */
  stateOf(course: string): ConsentState {
    const student = this._options.identity().student;
    const record = this._recordOf(student, course);
    if (!record) {
      return 'unanswered';
    }
    if (record.answer !== 'given') {
      return 'refused';
    }
    return covers(record, this._options.terms()) ? 'given' : 'unanswered';
  }

  /**
   * Whether events of a course may be made: with a consent or, but for opt-in,
   * while a known student has not answered, when they wait in the page.
   */
  admits(course: string): boolean {
    const state = this.stateOf(course);
    return state === 'given' || this.isHeld(course);
  }

  /** Whether the events of a course wait for an answer. */
  isHeld(course: string): boolean {
    return (
      this.stateOf(course) === 'unanswered' &&
      this._options.terms().mode !== 'opt-in'
    );
  }

  /** Events of a course that happened before this are for nobody, in milliseconds since 1970. */
  sinceOf(course: string): number {
    const student = this._options.identity().student;
    return this._recordOf(student, course)?.since ?? 0;
  }

  /**
   * Whether events may go to a destination that was another one before: not
   * before anybody has agreed to the new one.
   */
  accepts(destination: string): boolean {
    const accepted = this._records.all.flatMap(record => record.accepted);
    return accepted.length === 0 || accepted.includes(destination);
  }

  /** Ask about a course, unless it is answered. One question comes after another. */
  ensure(course: ICourse): Promise<void> {
    this._courses.add(course.course);
    this._apply();
    const asked = this._asked.then(() => this._ensure(course));
    this._asked = asked.catch(() => undefined);
    return asked;
  }

  /** Ask for the names and the consent, as a `NamePrompt` does. */
  async prompt(
    known: INames | null,
    signal: AbortSignal
  ): Promise<INames | null> {
    const course = this._current ?? this._options.course();
    const terms = this._options.terms();
    const person = known && studentOf(known);
    const record = course && this._recordOf(person, course.course);
    const isRecorded =
      person !== null && (!course || (!!record && covers(record, terms)));
    this._open = course;
    const names = await this._options
      .ask({
        known,
        terms,
        isRecorded,
        isChanged: record?.answer === 'given' && !isRecorded,
        signal
      })
      .finally(() => {
        this._open = null;
      });
    const student = names && studentOf(names);
    if (course && student) {
      this._give(student, course, terms);
    } else if (course && !names && !isRecorded && !signal.aborted) {
      this._decline(person, course, terms);
    }
    return names;
  }

  /**
   * Take the consent of whoever is at work back.
   *
   * @param course - in this course only; default: in all
   */
  withdraw(course?: string): void {
    const { student } = this._options.identity();
    if (!student) {
      return;
    }
    const given = this._records.all.filter(
      record =>
        record.person === student.id &&
        record.answer === 'given' &&
        (course === undefined || record.course === course)
    );
    for (const record of given) {
      if (record.accepted.includes(this._options.terms().destination)) {
        this._tell('consent_withdrawn', student, record);
      }
      this._set({ ...record, answer: 'withdrawn', at: Date.now() }, true);
    }
    // What waits for an answer to other terms is for nobody either, whoever gives it.
    for (const each of course === undefined ? this._courses : [course]) {
      this._options.holding().discard(each);
    }
    this.refresh();
  }

  /**
   * Forget every answer of whoever is at work, who is being erased: an event that
   * told of it would be one more to erase.
   */
  forget(): void {
    const { student } = this._options.identity();
    for (const { person, course } of this._records.all) {
      if (person === student?.id) {
        this._records.forget(person, course);
      }
    }
    this.refresh();
  }

  /** Somebody else may be at work: the refusals of whoever gave no name are forgotten. */
  forgetNobody(): void {
    for (const { person, course } of this._records.all) {
      if (person === NOBODY) {
        this._records.forget(person, course);
      }
    }
    this.refresh();
  }

  /** Who is at work, or what is asked, may be another than before. */
  refresh(): void {
    this._apply();
    this._changed.emit();
  }

  /** Another page has written an answer. */
  handleEvent(event: StorageEvent): void {
    if (
      event.storageArea === this._options.storage &&
      this._records.has(event.key)
    ) {
      if (this._open && this.stateOf(this._open.course) !== 'unanswered') {
        this._options.identity().settle();
      }
      this.refresh();
    }
  }

  dispose(): void {
    window.removeEventListener('storage', this);
    Signal.clearData(this);
  }

  private async _ensure(course: ICourse): Promise<void> {
    // The first question may be one about another course that was open already.
    for (let tries = 0; tries < 2; tries++) {
      if (this.stateOf(course.course) !== 'unanswered') {
        return;
      }
      this._current = course;
      try {
        await this._options.identity().ask();
      } finally {
        this._current = null;
      }
    }
  }

  private _give(student: IStudent, course: ICourse, terms: ITerms): void {
    const before = this._recordOf(student, course.course);
    const refused =
      [before, this._records.of(NOBODY, course.course)].some(
        record => record !== null && record.answer !== 'given'
      ) || terms.mode === 'opt-in';
    const now = Date.now();
    const record = this._make(student.id, course, terms, {
      answer: 'given',
      accepted: [...new Set([...(before?.accepted ?? []), terms.destination])],
      // A kernel keeps events from before the question: of somebody who had refused, they
      // are for nobody.
      since: before?.answer === 'given' ? before.since : refused ? now : 0,
      at: now
    });
    this._records.forget(NOBODY, course.course);
    this._set(record, true);
    this._apply();
    this._tell('consent_given', student, record);
    this._changed.emit();
  }

  private _decline(
    person: IStudent | null,
    course: ICourse,
    terms: ITerms
  ): void {
    const before = this._recordOf(person, course.course);
    const accepted = before?.accepted ?? [];
    const record = this._make(person?.id ?? NOBODY, course, terms, {
      answer: 'declined',
      accepted: [...accepted],
      since: 0,
      at: Date.now()
    });
    this._set(record, terms.mode === 'opt-in');
    this._apply();
    // Somebody who never agreed is told of to nobody.
    if (person && accepted.includes(terms.destination)) {
      this._tell('consent_declined', person, record);
    }
    this._changed.emit();
  }

  private _make(
    person: string,
    { course, notebook }: ICourse,
    terms: ITerms,
    answer: Pick<ConsentRecord, 'answer' | 'accepted' | 'since' | 'at'>
  ): ConsentRecord {
    return {
      person,
      course,
      notebook,
      mode: terms.mode,
      noticeHash: noticeHash(terms),
      destination: terms.destination,
      captured: [...terms.captured],
      ...answer
    };
  }

  private _recordOf(
    student: IStudent | null,
    course: string
  ): ConsentRecord | null {
    return this._records.of(student?.id ?? NOBODY, course);
  }

  private _set(record: ConsentRecord, isRemembered: boolean): void {
    this._courses.add(record.course);
    this._records.set(record, isRemembered);
  }

  /** An answer is of no visit to a notebook: its event has a session of its own. */
  private _tell(
    name: 'consent_given' | 'consent_declined' | 'consent_withdrawn',
    student: IStudent,
    { notebook, noticeHash, destination, captured, mode, course }: ConsentRecord
  ): void {
    this._options.record(new Session(student, notebook), {
      name,
      properties: {
        notice_hash: noticeHash,
        destination,
        captured,
        mode,
        course
      }
    });
  }

  /** Open and close the gate, and let go of what waited for an answer. */
  private _apply(): void {
    const { gate, holding } = this._options;
    const { student } = this._options.identity();
    for (const course of this._courses) {
      const state = this.stateOf(course);
      const isHeld = this.isHeld(course);
      if (state === 'refused') {
        gate.close('declined', course);
      } else {
        gate.open('declined', course);
      }
      if (state === 'unanswered' && !isHeld) {
        gate.close('unanswered', course);
      } else {
        gate.open('unanswered', course);
      }
      if (state === 'given' && student) {
        holding().release(course, student.id);
      } else if (!isHeld) {
        holding().discard(course);
      }
    }
  }

  private readonly _records: ConsentRecords;
  private readonly _changed = new Signal<this, void>(this);
  /** The courses that something was asked about, or is to be. */
  private readonly _courses = new Set<string>();
  private _asked: Promise<void> = Promise.resolve();
  /** The course that is to be asked about. */
  private _current: ICourse | null = null;
  /** The course of the question that is open. */
  private _open: ICourse | null = null;
}

/** The namespace for Consents statics. */
export namespace Consents {
  /** What consents are made of. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly identity: () => Pick<
      StudentIdentity,
      'student' | 'ask' | 'settle'
    >;
    /** What is asked at the moment. */
    readonly terms: () => ITerms;
    /** The course of the notebook in front, or null. */
    readonly course: () => ICourse | null;
    /** Shows the question; null when the student would rather not. */
    readonly ask: (question: IQuestion) => Promise<INames | null>;
    readonly gate: Pick<Gate, 'open' | 'close'>;
    readonly holding: () => Pick<Holding, 'release' | 'discard'>;
    /** Records an event, whatever the gate says. */
    readonly record: (session: Session, event: CatalogEvent) => void;
  }
}
