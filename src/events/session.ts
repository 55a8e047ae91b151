import { UUID } from '@lumino/coreutils';
import { ActivityClock } from './activityclock.js';
import type { IStudent } from './student.js';

/** Which application shows the notebook. */
export interface IApplicationFacts {
  readonly app: 'lab' | 'notebook' | 'lite';
  readonly version: string;
  readonly extensionVersion: string;
}

/** The session that events are of: whose they are, and how they are numbered. */
export interface ISession {
  readonly id: string;
  readonly student: Pick<IStudent, 'id'>;
  /** The notebook's id. */
  readonly notebook: string;
  /** The name of the notebook's file, which is shown in this page only. */
  readonly file?: string;
  /** The course that the notebook is of, which no event carries; undefined of no course. */
  readonly course?: string;
  /**
   * The time worked in the session up to now, in milliseconds. Undefined of a session
   * that an older version of this extension has begun.
   */
  readonly activeMs?: number;
  /** The number of the next event. */
  nextSeq(): number;
}

/**
 * One student in one flagged notebook, from ready to closed.
 */
export class Session implements ISession {
  /**
   * @param student - who works
   * @param notebook - the id in the notebook's flag
   * @param file - the name of the notebook's file, which no event carries
   * @param course - the course that the notebook is of, which no event carries
   */
  constructor(
    readonly student: IStudent,
    readonly notebook: string,
    readonly file = '',
    readonly course?: string
  ) {}

  readonly id = UUID.uuid4();

  /** The time worked up to now, in milliseconds. */
  get activeMs(): number {
    return this._clock.activeMs;
  }

  /** Take a sign of work. */
  work(): void {
    this._clock.work();
  }

  /** The number of the next event: 1, 2, 3…, so that a gap proves a loss. */
  nextSeq(): number {
    return ++this._seq;
  }

  private readonly _clock = new ActivityClock();
  private _seq = 0;
}
