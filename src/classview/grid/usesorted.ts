import type { SortingState } from '@tanstack/react-table';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable
} from '@tanstack/react-table';
import * as React from 'react';
import type { IColumn } from './column';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel()
});

/** The rows in the order that somebody asked for. */
export interface ISorted<R> {
  readonly ids: ReadonlyArray<string>;
  readonly rows: ReadonlyMap<string, R>;
  /** What was asked for, as a text. */
  readonly sorting: string;
  readonly directionOf: (column: string) => 'asc' | 'desc' | null;
  readonly toggle: (column: string) => void;
}

/**
 * Sort the rows of a grid. Rows that are equal stay in the order in which they are
 * given, that of the roster.
 */
export function useSorted<R>(
  columns: ReadonlyArray<IColumn<R>>,
  rows: ReadonlyArray<R>,
  idOf: (row: R) => string,
  first: { readonly column: string; readonly isDescending: boolean } | null
): ISorted<R> {
  const [sorting, setSorting] = React.useState<SortingState>(
    first ? [{ id: first.column, desc: first.isDescending }] : []
  );
  const definitions = React.useMemo(
    () =>
      columns.map(column => ({
        id: column.id,
        accessorFn: (row: R) => column.sort?.(row) ?? undefined,
        enableSorting: column.sort !== undefined,
        sortDescFirst: column.isLargestFirst ?? false,
        sortUndefined: 'last' as const,
        sortFn: (
          a: { getValue: (id: string) => unknown },
          b: { getValue: (id: string) => unknown },
          id: string
        ) => compare(a.getValue(id), b.getValue(id))
      })),
    [columns]
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as R[] as never[],
    getRowId: row => idOf(row as R),
    state: { sorting },
    onSortingChange: setSorting
  });
  const sorted = table.getRowModel().rows;
  return React.useMemo(() => {
    const [by] = sorting;
    return {
      ids: sorted.map(({ id }) => id),
      rows: new Map(sorted.map(({ id, original }) => [id, original as R])),
      sorting: by ? `${by.id} ${by.desc}` : '',
      directionOf: column =>
        by?.id !== column ? null : by.desc ? 'desc' : 'asc',
      toggle: column => table.getColumn(column)?.toggleSorting()
    };
  }, [sorted, sorting, table]);
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true });
}
