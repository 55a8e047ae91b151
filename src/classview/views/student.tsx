import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import type { StudentEvent } from '../answers/student';
import type { IAddress } from '../model/address';
import { questionOf } from '../model/address';
import type { More } from '../model/held';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { StudentFigures } from './studentfigures';
import { StudentPeeks } from './studentpeeks';
import { StudentPresence } from './studentpresence';
import { StudentScope } from './studentscope';
import { Timeline } from './timeline';

/** How far a student's clock may be ahead of the server's. */
const AHEAD_MS = 5 * 60_000;

/**
 * A student: what was done in a session or at an exercise that is looked at, or all of it.
 *
 * @param props.address - the student, as an address says it
 */
export function StudentView(props: {
  readonly address: string;
  readonly session: string | null;
}): React.JSX.Element {
  const trans = useTrans();
  const { names, overview } = useModel();
  const id = names.idOf(props.address);
  if (id === null) {
    const words = trans.__('No such student is known in this class.');
    return <Problem text={overview ? words : ''} />;
  }
  return props.session === null ? (
    <Page student={id} session={null} />
  ) : (
    <SessionPage student={id} session={props.session} />
  );
}

function SessionPage(props: {
  readonly student: string;
  readonly session: string;
}): React.JSX.Element {
  const trans = useTrans();
  const { result, problem } = useAnswer('audit');
  const session = result?.sessions.find(
    known => known.session === props.session && known.student === props.student
  );
  if (session) {
    return <Page student={props.student} session={session} />;
  }
  const words = trans.__('No such session is known in this class.');
  return <Problem text={problem || (result ? words : '')} />;
}

function Page(props: {
  readonly student: string;
  readonly session: AuditSession | null;
}): React.JSX.Element {
  const trans = useTrans();
  const { student, session } = props;
  const model = useModel();
  const { names, address } = model;
  const { notebook, exercise, fromMs, toMs, only } = address;
  const page = pageOf(student, session, address);
  const { result, problem } = useAnswer('student', page);
  const [older, setOlder] = React.useState<{
    readonly events: ReadonlyArray<StudentEvent>;
    readonly before: string | null;
  } | null>(null);
  const question = JSON.stringify([questionOf(address), page]);
  React.useEffect(() => setOlder(null), [question]);
  const oldest = older?.events[0] ?? result?.events[0];
  const isReached = fromMs !== null && oldest && oldest.at_ms < fromMs;
  const before = isReached
    ? null
    : older
      ? older.before
      : (result?.before ?? null);
  const loadOlder = async (): Promise<void> => {
    const more = { ...page, before: before ?? '' };
    const given = await model.client.ask('student', questionOf(address), more);
    setOlder({
      events: [...given.result.events, ...(older?.events ?? [])],
      before: given.result.before
    });
  };
  const all = joined(older?.events ?? [], result?.events ?? []);
  const events = all.filter(
    event =>
      (session
        ? event.properties.session_id === session.session
        : exercise === null ||
          (event.exercise === exercise && event.notebook === notebook)) &&
      event.at_ms >= (fromMs ?? -Infinity) &&
      event.at_ms < (toMs ?? Infinity)
  );
  const isAll =
    session === null &&
    exercise === null &&
    only === null &&
    fromMs === null &&
    toMs === null;
  return (
    <>
      <h2>{names.of(student)}</h2>
      <StudentScope session={session} />
      <Problem text={problem} />
      {result && (
        <>
          {result.figures && <StudentFigures row={result.figures} />}
          {isAll && (
            <>
              <StudentPresence student={student} />
              <StudentPeeks student={student} />
            </>
          )}
          {before !== null && (
            <button
              type="button"
              className="jp-cv-Button"
              onClick={() => void loadOlder().catch(() => model.forget())}
            >
              {trans.__('Show earlier')}
            </button>
          )}
          {events.length > 0 ? (
            <Timeline
              events={events}
              areTitled={exercise === null}
              numberedFrom={
                session && only === null
                  ? before
                    ? seqOf(events[0])
                    : 1
                  : undefined
              }
            />
          ) : (
            <p>{trans.__('Nothing was done here in this time.')}</p>
          )}
          <p className="jp-cv-quiet">
            {trans.__(
              'That this page was opened is written to the access log of this server.'
            )}
          </p>
        </>
      )}
    </>
  );
}

/**
 * Which page of a student's events to ask for: the newest, or that on which what is looked at ends,
 * of all events or of those that a figure is made of.
 */
function pageOf(
  student: string,
  session: AuditSession | null,
  { only, toMs }: IAddress
): More {
  const endMs =
    session === null || session.state === 'open' || !session.last_ms
      ? toMs
      : session.last_ms + AHEAD_MS;
  return {
    student,
    ...(only !== null && { only }),
    ...(endMs !== null && { before: `${endMs}-0` })
  };
}

/** An event's number in its session; 0: it has none. */
function seqOf({ properties: { seq } }: StudentEvent): number {
  return typeof seq === 'number' ? seq : 0;
}

/** Earlier pages before the newest one, which moves on: each event once. */
function joined(
  older: ReadonlyArray<StudentEvent>,
  newest: ReadonlyArray<StudentEvent>
): ReadonlyArray<StudentEvent> {
  const known = new Set(newest.map(({ row }) => row));
  return [...older.filter(({ row }) => !known.has(row)), ...newest];
}
