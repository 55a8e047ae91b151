import * as React from 'react';
import { NOTHING_OPEN } from '../model/address';
import { RosterButton } from '../parts/rosterbutton';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Whether the class has a roster, and the way to give it one. */
export function RosterLine(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { overview } = model;
  const expected = overview?.students.filter(
    ({ is_expected, is_staff }) => is_expected && !is_staff
  );
  return (
    <div className={overview?.has_roster ? 'jp-cv-Line' : 'jp-cv-Hint'}>
      <p>
        {overview?.has_roster ? (
          <button
            type="button"
            className="jp-cv-Link"
            onClick={() => model.go({ ...NOTHING_OPEN, figure: 'roster' })}
          >
            {trans._n(
              'The roster names %1 student.',
              'The roster names %1 students.',
              expected?.length ?? 0
            )}
          </button>
        ) : (
          trans.__(
            'No roster is known: whoever has not begun is not listed. A roster (a CSV file with id, name, group, staff) lists them too, and leaves staff out of every count.'
          )
        )}
      </p>
      <RosterButton />
    </div>
  );
}
