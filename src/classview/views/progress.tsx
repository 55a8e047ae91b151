import * as React from 'react';
import type { Progress, ProgressRow } from '../answers/progress';
import type { IFoot } from '../grid/column';
import type { IAddress } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { csvOf } from '../grid/csvof';
import { Grid } from '../grid/grid';
import { durationText, shareText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';
import { Legend } from './legend';
import { NoOutline } from './nooutline';
import { exerciseColumnId, useProgressColumns } from './progresscolumns';
import { Split } from './split';

const NO_EXERCISES: Progress['exercises'] = [];
const idOf = ({ student }: ProgressRow): string => student;

/** Who has done what: students × exercises. */
export function ProgressView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('progress');
  const columns = useProgressColumns(result?.exercises ?? NO_EXERCISES);
  useCsv(() => ({
    name: 'progress',
    rows: csvOf(columns, result?.students ?? [])
  }));
  const { student } = model.address;
  return (
    <Split>
      <Problem text={problem} />
      {result && (
        <>
          <NoOutline />
          <Grid
            label={trans.__('Progress of each student in each exercise')}
            columns={columns}
            rows={result.students}
            idOf={idOf}
            foot={footOf(result, trans, there =>
              model.go({ ...NOTHING_OPEN, ...there })
            )}
            selected={student === null ? null : model.names.idOf(student)}
          />
          <Legend />
        </>
      )}
    </Split>
  );
}

/** What is said of the class; the hardest exercise is where the eye should land. */
function footOf(
  { exercises, solved_share: shares, active }: Progress,
  trans: Trans,
  open: (there: Partial<IAddress>) => void
): IFoot {
  const told = shares.filter(part => part !== null);
  const hardest = Math.min(...told);
  const mean = told.reduce((sum, part) => sum + part, 0) / told.length;
  const ids = exercises.map(exerciseColumnId);
  return {
    texts: new Map([
      ['solved', told.length > 0 ? shareText(mean) : ''],
      ['active', active ? durationText(active.median, trans) : ''],
      ...ids.map((id, nth) => [id, shareText(shares[nth] ?? null)] as const)
    ]),
    strong: new Set(
      ids.filter((_, nth) => shares[nth] === hardest && hardest < 1)
    ),
    opens: new Map([
      ['solved', () => open({ figure: 'solved' })],
      ['active', () => open({ figure: 'active' })],
      ...exercises.map(
        ({ notebook, exercise }, nth) =>
          [
            ids[nth],
            () => open({ notebook, exercise, part: 'passed' })
          ] as const
      )
    ])
  };
}
