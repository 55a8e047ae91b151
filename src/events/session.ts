import { UUID } from '@lumino/coreutils';
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
   */
  constructor(
    readonly student: IStudent,
    readonly notebook: string
  ) {}

  readonly id = UUID.uuid4();

  /** The number of the next event: 1, 2, 3…, so that a gap proves a loss. */
  nextSeq(): number {
    return ++this._seq;
  }

  private _seq = 0;
}
