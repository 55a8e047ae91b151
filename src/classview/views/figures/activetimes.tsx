import * as React from 'react';
import { durationText } from '../../parts/format';
import { Problem } from '../../parts/problem';
import { StudentList } from '../../parts/studentlist';
import { useAnswer } from '../../parts/usemodel';
import { useTrans } from '../../trans';

/** The active time of each student who has any, the longest first. */
export function ActiveTimes(): React.JSX.Element {
  const trans = useTrans();
  const { result, problem } = useAnswer('progress');
  if (!result) {
    return <Problem text={problem} />;
  }
  const times = new Map(
    result.students
      .filter(({ active_ms }) => active_ms > 0)
      .sort((one, other) => other.active_ms - one.active_ms)
      .map(({ student, active_ms }) => [student, active_ms])
  );
  return (
    <>
      <h2>{trans.__('Active time, without pauses')}</h2>
      {result.active && (
        <p className="jp-cv-quiet">
          {trans.__(
            'Median %1; the middle half of the class from %2 to %3',
            durationText(result.active.median, trans),
            durationText(result.active.q1, trans),
            durationText(result.active.q3, trans)
          )}
        </p>
      )}
      <StudentList
        title={trans.__('Students')}
        students={[...times.keys()]}
        noteOf={student => durationText(times.get(student) ?? null, trans)}
      />
    </>
  );
}
