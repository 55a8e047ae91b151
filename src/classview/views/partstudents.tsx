import * as React from 'react';
import type { ProgressCell } from '../answers/progress';
import type { Part } from '../model/address';
import { Problem } from '../parts/problem';
import { StudentLink } from '../parts/studentlink';
import { useAnswer } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';

/** A part of those who tried an exercise; the other parts are of those who opened its solution. */
export type TriedPart = Exclude<
  Part,
  'before' | 'after_failure' | 'after_run' | 'after_pass'
>;

/** Whether a part is of those who tried. */
export function isTriedPart(part: Part | null): part is TriedPart {
  return part !== null && !/^(before|after_)/.test(part);
}

/** Which students a part of a bar is made of. */
export function PartStudents(props: {
  readonly notebook: string;
  readonly exercise: string;
  readonly part: TriedPart;
}): React.JSX.Element {
  const trans = useTrans();
  const { notebook, exercise, part } = props;
  const { result, problem } = useAnswer('progress');
  if (!result) {
    return <Problem text={problem} />;
  }
  const index = result.exercises.findIndex(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  const students = result.students.filter(({ cells }) =>
    isIn(part, cells[index] ?? null)
  );
  return (
    <section>
      <h3>{`${titleOf(part, trans)}: ${students.length}`}</h3>
      <ul className="jp-cv-Names">
        {students.map(({ student }) => (
          <li key={student}>
            <StudentLink
              student={student}
              notebook={notebook}
              exercise={exercise}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whether a student belongs to a part of those who tried an exercise. */
export function isIn(part: TriedPart, cell: ProgressCell): boolean {
  if (cell === null) {
    return false;
  }
  const isPassed = cell.state === 'passed' || cell.state === 'peeked';
  switch (part) {
    case 'one':
      return isPassed && cell.fails === 0;
    case 'two':
      return isPassed && cell.fails === 1;
    case 'more':
      return isPassed && cell.fails > 1;
    case 'passed':
      return isPassed;
    case 'unsolved':
      return !isPassed && (cell.runs > 0 || cell.tries > 0);
  }
}

function titleOf(part: TriedPart, trans: Trans): string {
  return {
    one: trans.__('Passed at the first try'),
    two: trans.__('Passed at the second try'),
    more: trans.__('Passed at the third try or later'),
    passed: trans.__('Passed'),
    unsolved: trans.__('Tried and not passed')
  }[part];
}
