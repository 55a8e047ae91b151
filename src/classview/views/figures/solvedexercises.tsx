import * as React from 'react';
import type { Frontier } from '../../answers/frontier';
import type { Figure } from '../../model/address';
import { momentText } from '../../parts/format';
import { Problem } from '../../parts/problem';
import { StudentList } from '../../parts/studentlist';
import { useAnswer, useModel } from '../../parts/usemodel';
import { useTrans } from '../../trans';

type Row = Frontier['students'][number];

/** How many exercises each student has solved, now or at a moment; or who is done; or has tried none. */
export function SolvedExercises(props: {
  readonly figure: Figure;
}): React.JSX.Element {
  const trans = useTrans();
  const { toMs } = useModel().address;
  const { result, problem } = useAnswer('frontier');
  if (!result) {
    return <Problem text={problem} />;
  }
  const tried = result.students.filter(({ has_tried }) => has_tried);
  if (props.figure === 'untried' || props.figure === 'done') {
    const isDone = props.figure === 'done';
    const title = isDone ? trans.__('Done') : trans.__('Tried nothing yet');
    const rows = isDone
      ? tried.filter(({ exercise }) => exercise === null)
      : result.students.filter(({ has_tried }) => !has_tried);
    return (
      <>
        <h2>{title}</h2>
        <StudentList
          title={trans.__('Students')}
          students={rows.map(({ student }) => student)}
        />
      </>
    );
  }
  const counts = solvedUntil(tried, toMs);
  const notes = new Map(
    counts.map(([student, count]) => [
      student,
      trans._n('%1 exercise', '%1 exercises', count)
    ])
  );
  return (
    <>
      <h2>
        {toMs === null
          ? trans.__('Exercises solved')
          : trans.__('Exercises solved until %1', momentText(toMs))}
      </h2>
      <StudentList
        title={trans.__('Students who tried any')}
        students={counts.map(([student]) => student)}
        noteOf={student => notes.get(student) ?? ''}
        there={{ only: 'passes', toMs }}
      />
    </>
  );
}

/** How many exercises students had solved until a moment, the most first; null: until now. */
export function solvedUntil(
  rows: ReadonlyArray<Row>,
  toMs: number | null
): ReadonlyArray<readonly [string, number]> {
  return rows
    .map(({ student, solved_ms }): readonly [string, number] => [
      student,
      solved_ms.filter(at => at <= (toMs ?? Infinity)).length
    ])
    .sort(([, one], [, other]) => other - one);
}
