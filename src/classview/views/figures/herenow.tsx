import * as React from 'react';
import type { Figure } from '../../model/address';
import { Problem } from '../../parts/problem';
import { StudentList } from '../../parts/studentlist';
import { useAnswer, useModel } from '../../parts/usemodel';
import { useTrans } from '../../trans';

/** Who has the notebook open and who does not, or who has not started. */
export function HereNow(props: { readonly figure: Figure }): React.JSX.Element {
  const trans = useTrans();
  const { overview } = useModel();
  const { result, problem } = useAnswer('needs');
  const everybody = useAnswer('progress').result?.students;
  if (!result || !overview || !everybody) {
    return <Problem text={problem} />;
  }
  const { here_students: here, not_started_students: absent } = result;
  if (props.figure === 'absent') {
    return (
      <>
        <h2>{trans.__('Not started')}</h2>
        <p className="jp-cv-quiet">
          {trans.__('Students of the roster without any event.')}
        </p>
        <StudentList title={trans.__('Not started')} students={absent} />
      </>
    );
  }
  const known = new Set([...here, ...absent]);
  const left = everybody
    .map(({ student }) => student)
    .filter(student => !known.has(student));
  return (
    <>
      <h2>{trans.__('Here')}</h2>
      <StudentList title={trans.__('A notebook is open')} students={here} />
      {left.length > 0 && (
        <StudentList title={trans.__('No notebook is open')} students={left} />
      )}
      {absent.length > 0 && (
        <StudentList title={trans.__('Not started')} students={absent} />
      )}
    </>
  );
}
