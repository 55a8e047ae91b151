import * as React from 'react';
import { RosterButton } from '../parts/rosterbutton';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Whether the class has a roster, and the way to give it one. */
export function RosterLine(): React.JSX.Element {
  const trans = useTrans();
  const { overview } = useModel();
  const expected = overview?.students.filter(
    ({ is_expected, is_staff }) => is_expected && !is_staff
  );
  return (
    <div className={overview?.has_roster ? 'jp-cv-Line' : 'jp-cv-Hint'}>
      <p>
        {overview?.has_roster
          ? trans._n(
              'The roster names %1 student.',
              'The roster names %1 students.',
              expected?.length ?? 0,
              expected?.length ?? 0
            )
          : trans.__(
              'No roster is known: whoever has not begun is not listed. A roster (a CSV file with id, name, group, staff) lists them too, and leaves staff out of every count.'
            )}
      </p>
      <RosterButton />
    </div>
  );
}
