import * as React from 'react';
import type { Engagement } from '../../answers/engagement';
import { momentText } from '../../parts/format';
import { Problem } from '../../parts/problem';
import { StudentList } from '../../parts/studentlist';
import { useAnswer, useModel } from '../../parts/usemodel';
import { useTrans } from '../../trans';

/** Who was present in five minutes, and who was not. */
export function PresentThen(): React.JSX.Element {
  const trans = useTrans();
  const { fromMs, toMs } = useModel().address;
  const { result, problem } = useAnswer('engagement');
  if (!result || fromMs === null || toMs === null) {
    return <Problem text={problem} />;
  }
  const { present, away } = presenceAt(result.students, fromMs);
  return (
    <>
      <h2>{trans.__('From %1 to %2', momentText(fromMs), momentText(toMs))}</h2>
      <StudentList
        title={trans.__('Present')}
        students={present}
        there={{ fromMs, toMs }}
      />
      {away.length > 0 && (
        <StudentList
          title={trans.__('Not there')}
          students={away}
          there={{ fromMs, toMs }}
        />
      )}
    </>
  );
}

/** Who was there in the five minutes that begin at a moment, and who was there at other times only. */
export function presenceAt(
  students: Engagement['students'],
  atMs: number
): { readonly present: string[]; readonly away: string[] } {
  const present: string[] = [];
  const away: string[] = [];
  for (const row of students) {
    (row.present.includes(atMs) ? present : away).push(row.student);
  }
  return { present, away };
}
