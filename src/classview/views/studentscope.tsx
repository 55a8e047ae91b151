import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import { momentText } from '../parts/format';
import { OpenCell } from '../parts/opencell';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Which part of a student's work is shown, and the ways to more: a session, an exercise, or all. */
export function StudentScope(props: {
  readonly session: AuditSession | null;
}): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const { notebook, exercise } = model.address;
  const all = (
    <button
      type="button"
      className="jp-cv-Button"
      onClick={() =>
        model.go({ notebook: null, exercise: null, session: null })
      }
    >
      {trans.__('All of this student')}
    </button>
  );
  if (props.session) {
    return <SessionScope session={props.session}>{all}</SessionScope>;
  }
  return exercise === null || notebook === null ? null : (
    <ExerciseScope notebook={notebook} exercise={exercise}>
      {all}
    </ExerciseScope>
  );
}

function SessionScope(props: {
  readonly session: AuditSession;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTrans();
  const { notebook, first_ms, last_ms, missing } = props.session;
  return (
    <>
      <p className="jp-cv-Actions">
        <strong>
          {trans.__(
            'A session in %1, from %2 to %3',
            notebook,
            momentText(first_ms),
            momentText(last_ms)
          )}
        </strong>
        {props.children}
      </p>
      {missing > 0 && (
        <p>
          {trans._n(
            '%1 event of this session is missing.',
            '%1 events of this session are missing.',
            missing,
            missing
          )}
        </p>
      )}
    </>
  );
}

function ExerciseScope(props: {
  readonly notebook: string;
  readonly exercise: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { notebook, exercise } = props;
  const known = useAnswer('progress').result?.exercises.find(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  return (
    <p className="jp-cv-Actions">
      <strong>{known?.title ?? exercise}</strong>
      <OpenCell notebook={notebook} exercise={exercise} />
      {props.children}
      <button
        type="button"
        className="jp-cv-Button"
        onClick={() => model.go({ student: null })}
      >
        {trans.__('Everybody at this exercise')}
      </button>
    </p>
  );
}
