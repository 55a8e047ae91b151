import * as React from 'react';
import type { ErrorRow } from '../answers/errors';
import type { IColumn } from '../grid/column';
import { NOTHING_OPEN } from '../model/address';
import { csvOf } from '../grid/csvof';
import { Grid } from '../grid/grid';
import { isoOf, momentText } from '../parts/format';
import { Problem } from '../parts/problem';
import { Sparkline, sparkText } from '../parts/sparkline';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { Split } from './split';

const STRONG = { className: 'jp-cv-strong' };
const PLAIN = {};
const NONE: ReadonlyArray<ErrorRow> = [];
const idOf = ({ fold }: ErrorRow): string => fold;

/** Errors, a row a cause. */
export function ErrorsView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('errors');
  const columns = useColumns();
  const rows = result?.rows ?? NONE;
  useCsv(() => ({ name: 'errors', rows: csvOf(columns, rows) }));
  return (
    <Split>
      <Problem text={problem} />
      {result &&
        (rows.length === 0 ? (
          <p className="jp-cv-Calm">{trans.__('No error so far.')}</p>
        ) : (
          <Grid
            label={trans.__('Errors by their causes')}
            columns={columns}
            rows={rows}
            idOf={idOf}
            rowHeight={40}
            selected={model.address.fold}
          />
        ))}
    </Split>
  );
}

function useColumns(): ReadonlyArray<IColumn<ErrorRow>> {
  const trans = useTrans();
  const model = useModel();
  return React.useMemo((): ReadonlyArray<IColumn<ErrorRow>> => {
    const open = (row: ErrorRow): void =>
      model.go({ ...NOTHING_OPEN, fold: row.fold });
    const where = (row: ErrorRow): string =>
      row.exercises.map(({ title }) => title).join(', ');
    return [
      {
        id: 'cause',
        title: trans.__('cause'),
        width: 380,
        sort: row => `${row.type} ${row.message}`,
        text: row => `${row.type}: ${row.message}`,
        look: row => ({
          content: (
            <span className="jp-cv-Two">
              <strong>{row.type}</strong>
              <span>{row.message}</span>
            </span>
          )
        }),
        open
      },
      {
        id: 'stuck',
        title: trans.__('still stuck'),
        width: 90,
        align: 'end',
        sort: row => row.stuck.length,
        isLargestFirst: true,
        text: row => String(row.stuck.length),
        csv: row => row.stuck.length,
        look: row => (row.stuck.length > 0 ? STRONG : PLAIN),
        open
      },
      {
        id: 'students',
        title: trans.__('students'),
        width: 90,
        align: 'end',
        sort: row => row.students.length,
        isLargestFirst: true,
        text: row => String(row.students.length),
        csv: row => row.students.length,
        open
      },
      {
        id: 'events',
        title: trans.__('times'),
        width: 64,
        align: 'end',
        sort: row => row.events,
        isLargestFirst: true,
        text: row => String(row.events),
        csv: row => row.events,
        open
      },
      {
        id: 'exercises',
        title: trans.__('exercises'),
        width: 200,
        sort: where,
        text: where,
        open
      },
      {
        id: 'first',
        title: trans.__('first'),
        width: 84,
        align: 'end',
        sort: row => row.first_ms,
        text: row => momentText(row.first_ms),
        csv: row => isoOf(row.first_ms),
        open
      },
      {
        id: 'last',
        title: trans.__('last'),
        width: 84,
        align: 'end',
        sort: row => row.last_ms,
        isLargestFirst: true,
        text: row => momentText(row.last_ms),
        csv: row => isoOf(row.last_ms),
        open
      },
      {
        id: 'spark',
        title: trans.__('last hour'),
        label: trans.__('Times per five minutes of the last hour'),
        width: 120,
        text: row => sparkText(row.spark, trans),
        csv: row => row.spark.join(' '),
        look: row => ({ content: <Sparkline counts={row.spark} /> }),
        open
      }
    ];
  }, [trans, model]);
}
