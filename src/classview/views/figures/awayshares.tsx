import * as React from 'react';
import { durationText, shareText } from '../../parts/format';
import { leavesText } from '../../parts/leaves';
import { Problem } from '../../parts/problem';
import { StudentList } from '../../parts/studentlist';
import { useAnswer } from '../../parts/usemodel';
import { useTrans } from '../../trans';

/** How much of the time each student was away, and where to, the longest share first. */
export function AwayShares(): React.JSX.Element {
  const trans = useTrans();
  const { result, problem } = useAnswer('engagement');
  if (!result) {
    return <Problem text={problem} />;
  }
  const rows = new Map(
    [...result.students]
      .sort((one, other) => (other.away_share ?? -1) - (one.away_share ?? -1))
      .map(row => [row.student, row])
  );
  const noteOf = (student: string): string => {
    const { away_share, span_ms, leaves } = rows.get(student)!;
    return [
      trans.__('%1 of %2', shareText(away_share), durationText(span_ms, trans)),
      leavesText(leaves, trans)
    ]
      .filter(Boolean)
      .join(' · ');
  };
  return (
    <>
      <h2>{trans.__('Time away from the notebook')}</h2>
      <StudentList
        title={trans.__('Students')}
        students={[...rows.keys()]}
        noteOf={noteOf}
        there={{ only: 'leaves' }}
      />
    </>
  );
}
