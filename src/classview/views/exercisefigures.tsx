import * as React from 'react';
import type { ExerciseRow } from '../answers/exercises';
import { attemptBars } from '../charts/attempts';
import { peekBars } from '../charts/peeks';
import { timeBoxes } from '../charts/times';
import { Chart } from '../charts/chart';
import { durationText } from '../parts/format';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { rateOf } from './exercisecolumns';

/** Tries, time and looks at solutions of the exercises, the hardest at the top. */
export function ExerciseFigures(props: {
  readonly rows: ReadonlyArray<ExerciseRow>;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { names } = useModel();
  // Solutions of what has no test are looked at too; nobody tries to pass it.
  const looked = React.useMemo(
    () =>
      props.rows
        .filter(({ is_too_few }) => !is_too_few)
        .sort((a, b) => (rateOf(a) ?? 1) - (rateOf(b) ?? 1)),
    [props.rows]
  );
  const rows = React.useMemo(
    () => looked.filter(({ is_tested }) => is_tested),
    [looked]
  );
  const times = React.useMemo(() => ({ rows, names }), [rows, names]);
  if (looked.length === 0) {
    return null;
  }
  const told = (say: (row: ExerciseRow) => string, of = rows): string =>
    of.map(row => `${row.title}: ${say(row)}`).join('; ');
  return (
    <div className="jp-cv-Figures3">
      {rows.length > 0 && (
        <>
          {' '}
          <figure>
            <figcaption>{trans.__('Tries to pass, in students')}</figcaption>
            <Chart
              label={told(({ attempts: { one, two, more, unsolved } }) =>
                trans.__(
                  '%1 at try 1, %2 at try 2, %3 at try 3 or later, %4 not yet',
                  one,
                  two,
                  more,
                  unsolved
                )
              )}
              draw={attemptBars}
              data={rows}
            />
          </figure>
          <figure>
            <figcaption>
              {trans.__(
                'Active time to pass, in minutes: each student, median and middle half'
              )}
            </figcaption>
            <Chart
              label={told(({ active }) =>
                active
                  ? trans.__(
                      'median %1, from %2 to %3',
                      durationText(active.median, trans),
                      durationText(active.q1, trans),
                      durationText(active.q3, trans)
                    )
                  : trans.__('too few to say')
              )}
              draw={timeBoxes}
              data={times}
            />
          </figure>
        </>
      )}
      <figure>
        <figcaption>
          {trans.__('Opened the solution, in students, at the first look')}
        </figcaption>
        <Chart
          label={told(
            ({ peeks }) =>
              trans.__(
                '%1 before any run, %2 after failures, %3 after runs, %4 after passing',
                peeks.before,
                peeks.after_failure,
                peeks.after_run,
                peeks.after_pass
              ),
            looked
          )}
          draw={peekBars}
          data={looked}
        />
      </figure>
    </div>
  );
}
