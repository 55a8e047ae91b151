import * as React from 'react';
import type { StudentEvent } from '../answers/student';
import type { StudentsRow } from '../answers/students';
import { durationText, ratioText } from '../parts/format';
import { OpenCell } from '../parts/opencell';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { questionOf } from '../model/address';
import { useTrans } from '../trans';
import { Timeline } from './timeline';

/**
 * A student: what was done at an exercise that is looked at, or all of it.
 *
 * @param props.address - the student, as an address says it
 */
export function StudentView(props: {
  readonly address: string;
}): React.JSX.Element {
  const trans = useTrans();
  const { names, overview } = useModel();
  const id = names.idOf(props.address);
  return id === null ? (
    <Problem
      text={overview ? trans.__('No such student is known in this class.') : ''}
    />
  ) : (
    <Page student={id} />
  );
}

function Page({ student }: { readonly student: string }): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { names, address } = model;
  const { notebook, exercise } = address;
  const { result, problem } = useAnswer('student', { student });
  const [older, setOlder] = React.useState<{
    readonly events: ReadonlyArray<StudentEvent>;
    readonly before: string | null;
  } | null>(null);
  const question = JSON.stringify(questionOf(address));
  React.useEffect(() => setOlder(null), [student, question]);
  const before = older ? older.before : (result?.before ?? null);
  const loadOlder = async (): Promise<void> => {
    const more = { student, before: before ?? '' };
    const page = await model.client.ask('student', questionOf(address), more);
    setOlder({
      events: [...page.result.events, ...(older?.events ?? [])],
      before: page.result.before
    });
  };
  const all = joined(older?.events ?? [], result?.events ?? []);
  const events =
    exercise === null
      ? all
      : all.filter(
          event => event.exercise === exercise && event.notebook === notebook
        );
  const known = useAnswer('progress').result?.exercises.find(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  return (
    <>
      <h2>{names.of(student)}</h2>
      {exercise !== null && notebook !== null && (
        <p className="jp-cv-Actions">
          <strong>{known?.title ?? exercise}</strong>
          <OpenCell notebook={notebook} exercise={exercise} />
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() => model.go({ notebook: null, exercise: null })}
          >
            {trans.__('All of this student')}
          </button>
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() => model.go({ student: null })}
          >
            {trans.__('Everybody at this exercise')}
          </button>
        </p>
      )}
      <Problem text={problem} />
      {result && (
        <>
          {result.figures && <Figures row={result.figures} />}
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
            <Timeline events={events} areTitled={exercise === null} />
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

function Figures({ row }: { readonly row: StudentsRow }): React.JSX.Element {
  const trans = useTrans();
  return (
    <dl className="jp-cv-Figures">
      <dt>{trans.__('solved')}</dt>
      <dd>{`${row.solved}/${row.of}`}</dd>
      <dt>{trans.__('active')}</dt>
      <dd>{durationText(row.active_ms, trans)}</dd>
      <dt
        title={trans.__(
          'Error Quotient (Jadud 2006), 0 to 1: how often two runs in a row end in an error, and in the same one'
        )}
      >
        {trans.__('EQ')}
      </dt>
      <dd>{ratioText(row.eq)}</dd>
      <dt
        title={trans.__(
          'Repeated Error Density (Becker 2016): how long the same error is repeated'
        )}
      >
        {trans.__('RED')}
      </dt>
      <dd>{ratioText(row.red)}</dd>
    </dl>
  );
}

/** Earlier pages before the newest one, which moves on: each event once. */
function joined(
  older: ReadonlyArray<StudentEvent>,
  newest: ReadonlyArray<StudentEvent>
): ReadonlyArray<StudentEvent> {
  const known = new Set(newest.map(({ row }) => row));
  return [...older.filter(({ row }) => !known.has(row)), ...newest];
}
