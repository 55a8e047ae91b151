import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/**
 * Why nothing is recorded: the student has not answered yet whether anything may
 * be, has said no or withdrawn, or takes a pause.
 */
export type ClosedBy = 'unanswered' | 'declined' | 'paused';

/** The reasons in the order in which they count: a pause matters to nobody who declined. */
const REASONS: ReadonlyArray<ClosedBy> = ['declined', 'unanswered', 'paused'];

/**
 * Whether events may be made at the moment. Whoever has a reason against that
 * closes the gate with it, for all courses or for one, and opens it again; the
 * recorder asks the gate before it makes an event.
 */
export class Gate {
  /** Emitted when a reason is there that was not, or is no more. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Close the gate for a reason, of one course or, without one, of all. */
  close(reason: ClosedBy, course?: string): void {
    const key = keyOf(reason, course);
    if (!this._closed.has(key)) {
      this._closed.add(key);
      this._changed.emit();
    }
  }

  /** Take back what `close` said with the same arguments. */
  open(reason: ClosedBy, course?: string): void {
    if (this._closed.delete(keyOf(reason, course))) {
      this._changed.emit();
    }
  }

  /**
   * Why no event of a course may be made now, or null when events may.
   *
   * @param course - undefined of an event that is of no course
   */
  reasonFor(course?: string): ClosedBy | null {
    return (
      REASONS.find(
        reason =>
          this._closed.has(keyOf(reason, undefined)) ||
          this._closed.has(keyOf(reason, course))
      ) ?? null
    );
  }

  private readonly _closed = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
}

/** No reason has a colon in it: two pairs have different keys. */
function keyOf(reason: ClosedBy, course: string | undefined): string {
  return course === undefined ? reason : `${reason}:${course}`;
}
