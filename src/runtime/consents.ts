import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Holding } from '../capture/holding';
import type { IStudent } from '../events/student';
import type { ConsentRecord } from '../identity/consentrecords';
import { ConsentRecords, covers, NOBODY } from '../identity/consentrecords';
import type { StudentIdentity } from '../identity/identity';
import type { ITerms } from '../identity/terms';
import type { Gate } from './gate';

/** A course in which work may be recorded, and the notebook that a question about it is asked in. */
export interface ICourse {
  /** The name in the notebooks' flags, or a salted hash of their folder. */
  readonly course: string;
  readonly notebook: string;
}

/** Whether a student agreed in a course, said no, or has not answered what is asked now. */
export type ConsentState = 'given' | 'refused' | 'unanswered';

/**
 * The consent of whoever is at work, course by course: says what follows from the
 * answers, and opens and closes the gate with them.
 */
export class Consents {
  constructor(private readonly _options: Consents.IOptions) {
    this.records = new ConsentRecords(_options.scope, _options.storage);
    window.addEventListener('storage', this);
  }

  /** All answers, for whoever takes them down. */
  readonly records: ConsentRecords;

  /** The courses that something was asked about, or is to be. */
  get courses(): Iterable<string> {
    return this._courses;
  }

  /** Emitted when there is another answer, or may be. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when another page has written an answer. */
  get heard(): ISignal<this, void> {
    return this._heard;
  }

  /** The answer of whoever is at work. */
  stateOf(course: string): ConsentState {
    const student = this._options.identity().student;
    const record = this.recordOf(student, course);
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
    return this.recordOf(student, course)?.since ?? 0;
  }

  /**
   * Whether events may go to a destination that was another one before: not
   * before anybody has agreed to the new one.
   */
  accepts(destination: string): boolean {
    const accepted = this.records.all.flatMap(record => record.accepted);
    return accepted.length === 0 || accepted.includes(destination);
  }

  /** Open or close the gate of a course from now on, as it is answered or not. */
  follow(course: string): void {
    this._courses.add(course);
    this._apply();
  }

  /** The last answer of a student, or of whoever gave no name, in a course; or null. */
  recordOf(student: IStudent | null, course: string): ConsentRecord | null {
    return this.records.of(student?.id ?? NOBODY, course);
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
      this.records.has(event.key)
    ) {
      this._heard.emit();
      this.refresh();
    }
  }

  dispose(): void {
    window.removeEventListener('storage', this);
    Signal.clearData(this);
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

  private readonly _changed = new Signal<this, void>(this);
  private readonly _heard = new Signal<this, void>(this);
  private readonly _courses = new Set<string>();
}

/** The namespace for Consents statics. */
export namespace Consents {
  /** What consents are made of. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly identity: () => Pick<StudentIdentity, 'student'>;
    /** What is asked at the moment. */
    readonly terms: () => ITerms;
    readonly gate: Pick<Gate, 'open' | 'close'>;
    readonly holding: () => Pick<Holding, 'release' | 'discard'>;
  }
}
