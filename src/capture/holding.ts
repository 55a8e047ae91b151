import type { IPayload } from '../events/payload';

/** The most events that one course keeps for an answer; the first are the ones kept. */
const MAX_HELD = 5_000;

/** An event that is kept for an answer. */
interface IHeld {
  readonly payload: IPayload;
  readonly file?: string;
}

/**
 * Keeps events in this page's memory for as long as a student who is asked again
 * has not answered: nothing of them is stored or sent before a yes, and with a
 * no, or when the page is left, they are gone.
 */
export class Holding {
  /**
   * @param _isHeld - whether events of a course wait for an answer
   * @param _deliver - takes the events that need not wait
   */
  constructor(
    private readonly _isHeld: (course: string) => boolean,
    private readonly _deliver: (payload: IPayload, file?: string) => void
  ) {}

  /** Deliver an event, or keep it for an answer. */
  deliver(payload: IPayload, file?: string, course?: string): void {
    if (course === undefined || !this._isHeld(course)) {
      this._deliver(payload, file);
      return;
    }
    const held = this._held.get(course) ?? [];
    this._held.set(course, held);
    if (held.length < MAX_HELD) {
      held.push({ payload, file });
    }
  }

  /**
   * The student has agreed: deliver what was kept of a course.
   *
   * @param student - whose events; those of anybody else are given up
   */
  release(course: string, student: string): void {
    const held = this._held.get(course) ?? [];
    this._held.delete(course);
    held
      .filter(({ payload }) => payload.student_id === student)
      .forEach(({ payload, file }) => this._deliver(payload, file));
  }

  /** Nobody has agreed: give up what was kept of a course. */
  discard(course: string): void {
    this._held.delete(course);
  }

  private readonly _held = new Map<string, IHeld[]>();
}
