import type { CsvValue } from '../model/csv';
import type { IColumn } from './column';

/** The rows of a grid under its header, to be saved. */
export function csvOf<R>(
  columns: ReadonlyArray<IColumn<R>>,
  rows: ReadonlyArray<R>
): CsvValue[][] {
  return [
    columns.map(({ title, label }) => label ?? title),
    ...rows.map(row =>
      columns.map(({ csv, text }) => (csv ? csv(row) : text(row)))
    )
  ];
}
