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
    if (this._identity.former !== null && this._identity.student) {
      void this._delivery.rewrite(events => this._rewritten(events));
    }
  }

  /** What events become by the time at which it is their turn: names may count again. */
  private _rewritten(
    events: ReadonlyArray<IWireEvent>
  ): ReadonlyMap<string, IWireEvent | null> {
    const { former, student } = this._identity;
    return former !== null && student
      ? underCode(events, former, student.id)
      : new Map();
  }
}

/** Whether an event has a code for its student; a row that is no event is not sent anyway. */
export function hasCode(row: IRow): boolean {
  // Thousands may wait under names, and are looked at in each round: they are not parsed.
  const [, id] = DISTINCT_ID.exec(row.json) ?? [];
  if (id !== undefined && !isCode(id)) {
    return false;
  }
  return !isEventRow(row) || isCode(fromRow(row).distinct_id);
}

function isCode(id: unknown): boolean {
  return isPseudonym({ code: id, name: null });
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
  const unnamed = withoutNames(
    [former, ...theirs.map(({ properties }) => properties.student_name)],
    code
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
              properties: { ...unnamed(properties), student_id: code }
            }
          : null
      ];
    })
  );
}

/**
 * Put a code in the place of names, within texts: a cell may have shown the
 * `STUDENT_NAME` or the `STUDENT_ID` that the kernel was told.
 *
 * @param names - those that are no text, or so short that ordinary texts may have
 * them, stay as they are
 * @returns does it for a value and all that is in it
 */
function withoutNames(
  names: ReadonlyArray<unknown>,
  code: string
): <T>(value: T) => T {
  const forms = names
    .filter(name => typeof name === 'string')
    .flatMap(name => [name, name.replace('_', '-')])
    .filter(name => name.length >= MIN_NAME_LENGTH)
    .map(name => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  if (forms.length === 0) {
    return value => value;
  }
  const named = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${[...new Set(forms)].join('|')})(?![\\p{L}\\p{N}])`,
    'giu'
  );
  return value =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) =>
      typeof each === 'string' ? each.replace(named, code) : each
    ) as typeof value;
}

/** The id of a student in the text of a row; quotes within texts are escaped there. */
const DISTINCT_ID = /"distinct_id":"([^"\\]*)"/;
/** A roster may have numbers for ids. */
const MIN_NAME_LENGTH = 5;

/** The number of a session's first event. */
const FIRST = 1;
