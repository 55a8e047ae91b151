import type { Holding } from '../capture/holding';
import type { CatalogEvent } from '../events/payload';
import { Session } from '../events/session';
import type { IStudent } from '../events/student';
import type { ConsentRecord, ConsentRecords } from '../identity/consentrecords';
import { NOBODY } from '../identity/consentrecords';
import type { StudentIdentity } from '../identity/identity';
import type { ITerms } from '../identity/terms';
import { noticeHash } from '../identity/terms';
import type { Consents, ICourse } from './consents';

/**
 * Takes down what students answer, and what they take back, and has it told in
 * events.
 */
export class ConsentAnswers {
  constructor(private readonly _options: ConsentAnswers.IOptions) {}

  /** The student agrees to terms in a course. */
  give(student: IStudent, course: ICourse, terms: ITerms): void {
    const { consents } = this._options;
    const before = consents.recordOf(student, course.course);
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
    this._tell('consent_given', student, record);
    consents.refresh();
  }

  /** The student, or whoever gave no name, says no. */
  decline(person: IStudent | null, course: ICourse, terms: ITerms): void {
    const { consents } = this._options;
    const before = consents.recordOf(person, course.course);
    const accepted = before?.accepted ?? [];
    const record = this._make(person?.id ?? NOBODY, course, terms, {
      answer: 'declined',
      accepted: [...accepted],
      since: 0,
      at: Date.now()
    });
    this._set(record, terms.mode === 'opt-in');
    // Somebody who never agreed is told of to nobody.
    if (person && accepted.includes(terms.destination)) {
      this._tell('consent_declined', person, record);
    }
    consents.refresh();
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
    for (const each of course === undefined
      ? this._options.consents.courses
      : [course]) {
      this._options.holding().discard(each);
    }
    this._options.consents.refresh();
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
    this._options.consents.refresh();
  }

  /**
   * Somebody else may be at work: every answer is forgotten. Where what waits may go
   * stays known, of nobody in particular.
   */
  handOver(): void {
    const { all } = this._records;
    const accepted = [...new Set(all.flatMap(record => record.accepted))];
    for (const { person, course } of all) {
      this._records.forget(person, course);
    }
    if (accepted.length > 0) {
      const terms = this._options.terms();
      const anywhere = { course: '', notebook: '' };
      const answer = { answer: 'given', accepted, since: 0, at: 0 } as const;
      this._records.set(this._make(NOBODY, anywhere, terms, answer), true);
    }
    this._options.consents.refresh();
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

  private _set(record: ConsentRecord, isRemembered: boolean): void {
    this._records.set(record, isRemembered);
    this._options.consents.follow(record.course);
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

  private get _records(): ConsentRecords {
    return this._options.consents.records;
  }
}

/** The namespace for ConsentAnswers statics. */
export namespace ConsentAnswers {
  /** What answers are made of. */
  export interface IOptions {
    readonly consents: Pick<
      Consents,
      'courses' | 'follow' | 'recordOf' | 'records' | 'refresh'
    >;
    readonly identity: () => Pick<StudentIdentity, 'student'>;
    /** What is asked at the moment. */
    readonly terms: () => ITerms;
    readonly holding: () => Pick<Holding, 'discard'>;
    /** Records an event, whatever the gate says. */
    readonly record: (session: Session, event: CatalogEvent) => void;
  }
}
