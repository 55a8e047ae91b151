import * as React from 'react';
import type { ExerciseRow } from '../answers/exercises';
import { csvOf } from '../grid/csvof';
import { Grid } from '../grid/grid';
import { NOTHING_OPEN } from '../model/address';
import { durationText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { exerciseColumns } from './exercisecolumns';
import { ExerciseFigures } from './exercisefigures';
import { NoOutline } from './nooutline';
import { Split } from './split';

const NONE: ReadonlyArray<ExerciseRow> = [];
const idOf = ({ notebook, exercise }: ExerciseRow): string =>
  JSON.stringify([notebook, exercise]);
const HARDEST_FIRST = { column: 'rate', isDescending: false };

/** Which exercises were hard, and how. */
export function ExercisesView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('exercises');
  const time = useAnswer('time').result;
  const discriminating = model.overview?.thresholds.discriminating ?? 0;
  const columns = React.useMemo(
    () =>
      exerciseColumns(trans, discriminating, ({ notebook, exercise }, part) =>
        model.go({ ...NOTHING_OPEN, notebook, exercise, part })
      ),
    [trans, discriminating, model]
  );
  const rows = result?.rows ?? NONE;
  useCsv(() => ({ name: 'exercises', rows: csvOf(columns, rows) }));
  const { notebook, exercise } = model.address;
  return (
    <Split>
      <Problem text={problem} />
      {result &&
        (rows.length === 0 ? (
          <p className="jp-cv-Calm">{trans.__('No exercise is known yet.')}</p>
        ) : (
          <div className="jp-cv-Scroll">
            <NoOutline />
            <Grid
              label={trans.__('Exercises')}
              columns={columns}
              rows={rows}
              idOf={idOf}
              first={HARDEST_FIRST}
              selected={JSON.stringify([notebook, exercise])}
            />
            <ExerciseFigures rows={rows} />
            {time && (
              <p className="jp-cv-quiet">
                {trans.__(
                  'Active time counts up to %1 without input; where a session told no running total, pauses between events of up to %2.',
                  durationText(time.idle_cap_ms, trans),
                  durationText(time.pause_cap_ms, trans)
                )}
              </p>
            )}
          </div>
        ))}
    </Split>
  );
}
