import * as React from 'react';
import type { Progress, ProgressRow } from '../answers/progress';
import type { IColumn } from '../grid/column';
import { Grid } from '../grid/grid';
import {
  durationText,
  isoOf,
  minutesOf,
  momentText,
  shareText
} from '../parts/format';
import { csvOf } from '../grid/csvof';
import { Problem } from '../parts/problem';
import { Sparkline, sparkText } from '../parts/sparkline';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { NoOutline } from './nooutline';
import { Legend } from './legend';
import { Split } from './split';
import { stateOf, stateOrder, stateText } from './state';

const idOf = ({ student }: ProgressRow): string => student;

/** Who has done what: students × exercises. */
export function ProgressView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('progress');
  const columns = useColumns(result);
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
            hasFoot
            selected={student === null ? null : model.names.idOf(student)}
          />
          <Legend />
        </>
      )}
    </Split>
  );
}

function useColumns(
  result: Progress | null
): ReadonlyArray<IColumn<ProgressRow>> {
  const trans = useTrans();
  const model = useModel();
  const { names } = model;
  return React.useMemo(() => {
    const exercises = result?.exercises ?? [];
    const shares = result?.solved_share ?? [];
    const hardest = Math.min(...shares);
    const isInMany =
      new Set(exercises.map(({ notebook }) => notebook)).size > 1;
    const open = (
      row: ProgressRow,
      notebook?: string,
      exercise?: string
    ): void =>
      model.go({
        student: names.addressOf(row.student),
        notebook: notebook ?? null,
        exercise: exercise ?? null
      });
    const nth = new Map<string, number>();
    const places = exercises.map(({ notebook }) => {
      const number = (nth.get(notebook) ?? 0) + 1;
      nth.set(notebook, number);
      return isInMany ? `${notebook} ${number}` : String(number);
    });
    const mean = shares.reduce((sum, part) => sum + part, 0) / shares.length;
    const columns: IColumn<ProgressRow>[] = [
      {
        id: 'student',
        title: trans.__('student'),
        width: 160,
        sort: row => names.orderOf(row.student),
        text: row => names.of(row.student),
        open
      },
      {
        id: 'solved',
        title: trans.__('solved'),
        label: trans.__('Exercises solved'),
        width: 66,
        align: 'end',
        sort: row => row.solved,
        isLargestFirst: true,
        text: row =>
          row.solved || row.last_ms ? `${row.solved}/${exercises.length}` : '–',
        csv: row => row.solved,
        foot: shares.length > 0 ? shareText(mean) : ''
      },
      {
        id: 'last',
        title: trans.__('last'),
        label: trans.__('When the last event came'),
        width: 84,
        align: 'end',
        sort: row => row.last_ms,
        isLargestFirst: true,
        text: row =>
          row.last_ms === null ? trans.__('never') : momentText(row.last_ms),
        csv: row => isoOf(row.last_ms)
      },
      {
        id: 'active',
        title: trans.__('active'),
        label: trans.__('Active time, without pauses'),
        width: 90,
        align: 'end',
        sort: row => row.active_ms,
        isLargestFirst: true,
        text: row => (row.active_ms ? durationText(row.active_ms, trans) : '–'),
        csv: row => minutesOf(row.active_ms),
        foot: result?.active ? durationText(result.active.median, trans) : ''
      },
      ...exercises.map((exercise, index): IColumn<ProgressRow> => ({
        id: `exercise ${exercise.notebook} ${exercise.exercise}`,
        title: places[index],
        label: exercise.title,
        width: isInMany ? 40 + places[index].length * 6 : 52,
        align: 'center',
        sort: row => stateOrder(row.cells[index] ?? null),
        isLargestFirst: true,
        text: row => {
          const { glyph, number } = stateOf(row.cells[index] ?? null);
          return `${glyph} ${number}`.trim();
        },
        spoken: row =>
          `${exercise.title}: ${stateText(row.cells[index] ?? null, trans)}`,
        csv: row => stateText(row.cells[index] ?? null, trans),
        draw: row => <StateCell cell={row.cells[index] ?? null} />,
        className: row =>
          `jp-cv-state-${stateOf(row.cells[index] ?? null).kind}`,
        open: row => open(row, exercise.notebook, exercise.exercise),
        foot: shareText(shares[index] ?? null),
        isStrong: shares[index] === hardest && hardest < 1
      })),
      {
        id: 'spark',
        title: trans.__('last hour'),
        label: trans.__('Events per five minutes of the last hour'),
        width: 120,
        text: row => sparkText(row.spark, trans),
        csv: row => row.spark.join(' '),
        draw: row => <Sparkline counts={row.spark} />
      }
    ];
    return columns;
  }, [result, names, trans, model]);
}

function StateCell(props: {
  readonly cell: ProgressRow['cells'][number];
}): React.JSX.Element {
  const { glyph, number } = stateOf(props.cell);
  return (
    <>
      <span className="jp-cv-glyph">{glyph}</span>
      {number && <span className="jp-cv-number">{number}</span>}
    </>
  );
}
