import * as React from 'react';
import type { Part } from '../model/address';
import { Code, Printed } from '../parts/code';
import { momentText } from '../parts/format';
import { OpenCell } from '../parts/opencell';
import { Problem } from '../parts/problem';
import { Redacted } from '../parts/redacted';
import { StudentLink } from '../parts/studentlink';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { HereStudents } from './herestudents';
import { isTriedPart, PartStudents } from './partstudents';
import { SolutionLooks } from './solutionlooks';

/** The most students of a group whose code is shown at once. */
const SHOWN = 5;

/** Everybody at an exercise: who opened its solution, and the latest work, equal outcomes together. */
export function EverybodyView(props: {
  readonly notebook: string;
  readonly exercise: string;
  /** Those alone that a figure is made of, such as a part of a chart's bar; null: everybody. */
  readonly part: Part | null;
}): React.JSX.Element {
  const { notebook, exercise, part } = props;
  const progress = useAnswer('progress').result;
  const ref = progress?.exercises.find(
    known => known.notebook === notebook && known.exercise === exercise
  );
  return (
    <>
      <h2>{ref?.title ?? exercise}</h2>
      <p className="jp-cv-Actions">
        <OpenCell notebook={notebook} exercise={exercise} />
        {part !== null && <ShowEverybody />}
      </p>
      {part === 'here' ? (
        <HereStudents notebook={notebook} exercise={exercise} />
      ) : isTriedPart(part) ? (
        <PartStudents notebook={notebook} exercise={exercise} part={part} />
      ) : (
        <SolutionLooks notebook={notebook} exercise={exercise} only={part} />
      )}
      {part === null && <Outcomes notebook={notebook} exercise={exercise} />}
    </>
  );
}

function ShowEverybody(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  return (
    <button
      type="button"
      className="jp-cv-Button"
      onClick={() => model.go({ part: null })}
    >
      {trans.__('Everybody at this exercise')}
    </button>
  );
}

/** The latest work of everybody, equal outcomes together. */
function Outcomes(props: {
  readonly notebook: string;
  readonly exercise: string;
}): React.JSX.Element {
  const trans = useTrans();
  const { address } = useModel();
  const { notebook, exercise } = props;
  const { result, problem } = useAnswer('cell', { notebook, exercise });
  const titles = {
    output: trans.__('The same output'),
    error: trans.__('The same error'),
    nothing: trans.__('No output')
  };
  return (
    <>
      <Problem text={problem} />
      {result?.groups.length === 0 && (
        <p>{trans.__('Nobody has run this exercise in this time.')}</p>
      )}
      {result?.groups.map(({ what, text, students }, index) => (
        <section key={index} className="jp-cv-Group">
          <h3>
            {titles[what]}
            {': '}
            {trans._n('%1 student', '%1 students', students.length)}
          </h3>
          {text && !address.areNamesHidden && (
            <Printed label={titles[what]} text={text} />
          )}
          {students
            .slice(0, SHOWN)
            .map(({ student, code, at_ms, redacted }) => (
              <div key={student}>
                <p className="jp-cv-Actions">
                  <StudentLink
                    student={student}
                    notebook={notebook}
                    exercise={exercise}
                  />
                  <span className="jp-cv-quiet">{momentText(at_ms)}</span>
                  <Redacted count={redacted} />
                </p>
                {code && !address.areNamesHidden && <Code code={code} />}
              </div>
            ))}
          {students.length > SHOWN && (
            <p className="jp-cv-Actions">
              {students.slice(SHOWN).map(({ student }) => (
                <StudentLink
                  key={student}
                  student={student}
                  notebook={notebook}
                  exercise={exercise}
                />
              ))}
            </p>
          )}
        </section>
      ))}
    </>
  );
}
