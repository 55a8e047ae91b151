import { covers } from '../identity/consentrecords';
import type { StudentIdentity } from '../identity/identity';
import type { INames } from '../identity/name';
import { studentOf } from '../identity/name';
import type { ITerms } from '../identity/terms';
import type { ConsentAnswers } from './consentanswers';
import type { Consents, ICourse } from './consents';

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

/**
 * Asks students whether their work in a course may be recorded, together with
 * their names. One question comes after another.
 */
export class ConsentQuestions {
  constructor(private readonly _options: ConsentQuestions.IOptions) {
    _options.consents.heard.connect(this._onHeard, this);
  }

  /** Ask about a course, unless it is answered. */
  ensure(course: ICourse): Promise<void> {
    this._options.consents.follow(course.course);
    const asked = this._asked.then(() => this._ensure(course));
    this._asked = asked.catch(() => undefined);
    return asked;
  }

  /** Ask for the names and the consent, as a `NamePrompt` does. */
  async prompt(
    known: INames | null,
    signal: AbortSignal
  ): Promise<INames | null> {
    const { answers, ask, consents } = this._options;
    const course = this._current ?? this._options.course();
    const terms = this._options.terms();
    const person = known && studentOf(known);
    const record = course && consents.recordOf(person, course.course);
    const isRecorded =
      person !== null && (!course || (!!record && covers(record, terms)));
    this._open = course;
    const names = await ask({
      known,
      terms,
      isRecorded,
      isChanged: record?.answer === 'given' && !isRecorded,
      signal
    }).finally(() => {
      this._open = null;
    });
    const student = names && studentOf(names);
    if (course && student) {
      answers.give(student, course, terms);
    } else if (course && !names && !isRecorded && !signal.aborted) {
      answers.decline(person, course, terms);
    }
    return names;
  }

  private async _ensure(course: ICourse): Promise<void> {
    const { consents, identity } = this._options;
    // The first question may be one about another course that was open already.
    for (let tries = 0; tries < 2; tries++) {
      if (consents.stateOf(course.course) !== 'unanswered') {
        return;
      }
      this._current = course;
      try {
        await identity().ask();
      } finally {
        this._current = null;
      }
    }
  }

  /** The question that is open may be answered in another page. */
  private _onHeard(): void {
    const { consents, identity } = this._options;
    if (this._open && consents.stateOf(this._open.course) !== 'unanswered') {
      identity().settle();
    }
  }

  private _asked: Promise<void> = Promise.resolve();
  /** The course that is to be asked about. */
  private _current: ICourse | null = null;
  /** The course of the question that is open. */
  private _open: ICourse | null = null;
}

/** The namespace for ConsentQuestions statics. */
export namespace ConsentQuestions {
  /** What questions are made of. */
  export interface IOptions {
    readonly consents: Pick<
      Consents,
      'follow' | 'heard' | 'recordOf' | 'stateOf'
    >;
    readonly answers: Pick<ConsentAnswers, 'decline' | 'give'>;
    readonly identity: () => Pick<StudentIdentity, 'ask' | 'settle'>;
    /** What is asked at the moment. */
    readonly terms: () => ITerms;
    /** The course of the notebook in front, or null. */
    readonly course: () => ICourse | null;
    /** Shows the question; null when the student would rather not. */
    readonly ask: (question: IQuestion) => Promise<INames | null>;
  }
}
