import * as React from 'react';
import { StudentList } from '../../parts/studentlist';
import { useModel } from '../../parts/usemodel';
import { useTrans } from '../../trans';

/** Whom the roster names, with the groups. */
export function RosterStudents(): React.JSX.Element {
  const trans = useTrans();
  const { overview } = useModel();
  const expected = (overview?.students ?? []).filter(
    ({ is_expected, is_staff }) => is_expected && !is_staff
  );
  const groups = new Map(
    expected.map(({ student, group }) => [student, group])
  );
  return (
    <>
      <h2>{trans.__('Roster')}</h2>
      <StudentList
        title={trans.__('Students')}
        students={expected.map(({ student }) => student)}
        noteOf={student => groups.get(student) ?? ''}
      />
    </>
  );
}
