import type { Delivery } from '../capture/delivery';
import type { IRow, IWireEvent } from '../delivery/wire';
import { fromRow, isEventRow } from '../delivery/wire';
import type { StudentIdentity } from '../identity/identity';
import { isPseudonym } from '../identity/rostername';

/**
 * Has events that wait here under a student's name go under the code, from the
 * moment on at which the student gives it.
 *
 * Only whole sessions do: a session of which something has left under the name
 * would tell whose the code is. The rest of such a session is given up.
 */
export class FormerEvents {
  constructor(
    private readonly _identity: Pick<
      StudentIdentity,
      'changed' | 'former' | 'student'
    >,
    private readonly _delivery: Pick<Delivery, 'rewrite'>
  ) {
    _identity.changed.connect(this._follow, this);
    this._follow();
  }

  private _follow(): void {
    const { former, student } = this._identity;
    if (former !== null && student) {
      void this._delivery.rewrite(events =>
        underCode(events, former, student.id)
      );
    }
  }
}

/** Whether an event has a code for its student; a row that is no event is not sent anyway. */
export function hasCode(row: IRow): boolean {
  return (
    !isEventRow(row) ||
    isPseudonym({ code: fromRow(row).distinct_id, name: null })
  );
}

/**
 * Tell what a student's events become when the student gives a code.
 *
 * @param events - all that are not delivered
 * @returns null for an event that is given up
 */
export function underCode(
  events: ReadonlyArray<IWireEvent>,
  former: string,
  code: string
): ReadonlyMap<string, IWireEvent | null> {
  const theirs = events.filter(({ distinct_id }) => distinct_id === former);
  const whole = new Set(
    theirs
      .filter(({ properties }) => properties.seq === FIRST)
      .map(({ properties }) => properties.session_id)
  );
  return new Map(
    theirs.map(event => {
      const { student_name: _, ...properties } = event.properties;
      return [
        event.uuid,
        whole.has(properties.session_id)
          ? {
              ...event,
              distinct_id: code,
              properties: { ...properties, student_id: code }
            }
          : null
      ];
    })
  );
}

/** The number of a session's first event. */
const FIRST = 1;
