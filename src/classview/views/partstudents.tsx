import * as React from 'react';
import type { ProgressCell } from '../answers/progress';
import type { Part } from '../model/address';
import { durationText } from '../parts/format';
import { Problem } from '../parts/problem';
import { StudentList } from '../parts/studentlist';
import { useAnswer } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';
import { stateText } from './state';

/** A part of those who tried an exercise; the other parts are of those who are at it or looked. */
export type TriedPart = Exclude<
  Part,
  'here' | 'before' | 'after_failure' | 'after_run' | 'after_pass'
>;

/** Whether a part is of those who tried. */
export function isTriedPart(part: Part | null): part is TriedPart {
  return part !== null && !/^(here$|before|after_)/.test(part);
}

/** Which students a part of a bar, or a figure of a table, is made of. */
export function PartStudents(props: {
  readonly notebook: string;
  readonly exercise: string;
  readonly part: TriedPart;
}): React.JSX.Element {
  const trans = useTrans();
  const { notebook, exercise, part } = props;
  const { result, problem } = useAnswer('progress');
  const times = useTimes(notebook, exercise);
  if (!result) {
    return <Problem text={problem} />;
  }
  const index = result.exercises.findIndex(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  const rows = new Map(
    result.students
      .filter(({ cells }) => isIn(part, cells[index] ?? null))
      .map(row => [row.student, row])
  );
  const notes: { readonly [P in TriedPart]?: (student: string) => string } = {
    tried: student => {
      const { cells, solved } = rows.get(student)!;
      return trans._n(
        '%2; %1 exercise solved',
        '%2; %1 exercises solved',
        solved,
        stateText(cells[index] ?? null, trans)
      );
    },
    passed: student => {
      const ms = times.get(student);
      return ms === undefined
        ? ''
        : trans.__('after %1 of active time', durationText(ms, trans));
    }
  };
  return (
    <StudentList
      title={titleOf(part, trans)}
      students={[...rows.keys()]}
      noteOf={notes[part]}
      there={{ notebook, exercise }}
    />
  );
}

/** The active time that it took students to pass; empty where too few tried to say. */
function useTimes(
  notebook: string,
  exercise: string
): ReadonlyMap<string, number> {
  const row = useAnswer('exercises').result?.rows.find(
    known => known.notebook === notebook && known.exercise === exercise
  );
  return new Map(
    row?.active_students.map((student, nth) => [student, row.active_times[nth]])
  );
}

/** Whether a student belongs to a part of those who tried an exercise. */
export function isIn(part: TriedPart, cell: ProgressCell): boolean {
  if (cell === null) {
    return false;
  }
  const isPassed = cell.state === 'passed' || cell.state === 'peeked';
  const isTried = cell.runs > 0 || cell.tries > 0;
  switch (part) {
    case 'tried':
      return isTried;
    case 'one':
      return isPassed && cell.fails === 0;
    case 'two':
      return isPassed && cell.fails === 1;
    case 'more':
      return isPassed && cell.fails > 1;
    case 'passed':
      return isPassed;
    case 'peeked':
      return cell.state === 'peeked';
    case 'unsolved':
      return !isPassed && isTried;
  }
}

function titleOf(part: TriedPart, trans: Trans): string {
  return {
    tried: trans.__('Tried'),
    one: trans.__('Passed at the first try'),
    two: trans.__('Passed at the second try'),
    more: trans.__('Passed at the third try or later'),
    passed: trans.__('Passed'),
    peeked: trans.__('Opened the solution before passing'),
    unsolved: trans.__('Tried and not passed')
  }[part];
}
