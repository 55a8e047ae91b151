import * as React from 'react';
import { Problem } from '../parts/problem';
import { StudentList } from '../parts/studentlist';
import { useAnswer } from '../parts/usemodel';
import { useTrans } from '../trans';
import { stateText } from './state';

/** Who is at an exercise now, each with how far. */
export function HereStudents(props: {
  readonly notebook: string;
  readonly exercise: string;
}): React.JSX.Element {
  const trans = useTrans();
  const { notebook, exercise } = props;
  const { result, problem } = useAnswer('frontier');
  const progress = useAnswer('progress').result;
  if (!result || !progress) {
    return <Problem text={problem} />;
  }
  const numberIn = (
    exercises: ReadonlyArray<{
      readonly notebook: string;
      readonly exercise: string;
    }>
  ): number =>
    exercises.findIndex(
      ref => ref.notebook === notebook && ref.exercise === exercise
    );
  const [here, column] = [result, progress].map(({ exercises }) =>
    numberIn(exercises)
  );
  const cells = new Map(
    progress.students.map(row => [row.student, row.cells[column] ?? null])
  );
  return (
    <StudentList
      title={trans.__('Here')}
      students={result.students
        .filter(row => row.exercise === here)
        .map(({ student }) => student)}
      noteOf={student => stateText(cells.get(student) ?? null, trans)}
      there={{ notebook, exercise }}
    />
  );
}
