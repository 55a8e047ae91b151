import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import { momentText } from '../parts/format';
import { OpenCell } from '../parts/opencell';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { onlyText } from './onlywords';

/**
 * Which part of a student's work is shown, and the ways to more: a session, an exercise, a time,
 * the events of a figure, or all.
 */
export function StudentScope(props: {
  readonly session: AuditSession | null;
}): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const { notebook, exercise, figure, fold } = model.address;
  const { fromMs, toMs, only } = model.address;
  const { session } = props;
  const isAtExercise = exercise !== null && notebook !== null;
  const isPart = session || isAtExercise || fromMs !== null || toMs !== null;
  const isOfList = figure !== null || fold !== null;
  if (!isPart && only === null && !isOfList) {
    return null;
  }
  return (
    <>
      <p className="jp-cv-Actions">
        {session ? (
          <SessionTitle session={session} />
        ) : (
          isAtExercise && (
            <ExerciseTitle notebook={notebook} exercise={exercise} />
          )
        )}
        <TimeTitle />
        {only !== null && <strong>{onlyText(only, trans)}</strong>}
        {(isPart || only !== null) && (
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() =>
              model.go({
                notebook: null,
                exercise: null,
                session: null,
                figure: null,
                fold: null,
                fromMs: null,
                toMs: null,
                only: null
              })
            }
          >
            {trans.__('All of this student')}
          </button>
        )}
        {!session && isAtExercise && (
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() => model.go({ student: null })}
          >
            {trans.__('Everybody at this exercise')}
          </button>
        )}
        {isOfList && (
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() =>
              model.go({
                student: null,
                notebook: null,
                exercise: null,
                fromMs,
                toMs
              })
            }
          >
            {trans.__('Back to the list')}
          </button>
        )}
      </p>
      {session && session.missing > 0 && (
        <p>
          {trans._n(
            '%1 event of this session is missing.',
            '%1 events of this session are missing.',
            session.missing
          )}
        </p>
      )}
    </>
  );
}

function SessionTitle(props: {
  readonly session: AuditSession;
}): React.JSX.Element {
  const trans = useTrans();
  const { notebook, first_ms, last_ms } = props.session;
  return (
    <strong>
      {trans.__(
        'A session in %1, from %2 to %3',
        notebook,
        momentText(first_ms),
        momentText(last_ms)
      )}
    </strong>
  );
}

function ExerciseTitle(props: {
  readonly notebook: string;
  readonly exercise: string;
}): React.JSX.Element {
  const { notebook, exercise } = props;
  const known = useAnswer('progress').result?.exercises.find(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  return (
    <>
      <strong>{known?.title ?? exercise}</strong>
      <OpenCell notebook={notebook} exercise={exercise} />
    </>
  );
}

/** The time that is looked at, where it is not all. */
function TimeTitle(): React.JSX.Element | null {
  const trans = useTrans();
  const { fromMs, toMs } = useModel().address;
  if (toMs === null) {
    return fromMs === null ? null : (
      <strong>{trans.__('Since %1', momentText(fromMs))}</strong>
    );
  }
  return (
    <strong>
      {fromMs === null
        ? trans.__('Until %1', momentText(toMs))
        : trans.__('From %1 to %2', momentText(fromMs), momentText(toMs))}
    </strong>
  );
}
