import * as React from 'react';
import type { IColumn } from './column';

/** Where the columns of a grid stand, in pixels. */
export interface ILayout {
  readonly widths: ReadonlyArray<number>;
  /** The width of a column of states, which all have the same; their cells need no style. */
  readonly stateWidth: number;
  readonly total: number;
}

/** A cell that is drawn in each row. */
export interface ICellPlace {
  /** The number of its column. */
  readonly nth: number;
  readonly style: React.CSSProperties | undefined;
}

/** Lay the columns out side by side. */
export function useLayout<R>(
  columns: ReadonlyArray<IColumn<R>>,
  scale: number
): ILayout {
  const key = columns.map(({ width }) => Math.round(width * scale)).join(' ');
  const state = columns.findIndex(({ align }) => align === 'state');
  return React.useMemo(() => {
    const widths = key.split(' ').map(Number);
    return {
      widths,
      stateWidth: widths[state] ?? 0,
      total: widths.reduce((sum, width) => sum + width, 0)
    };
  }, [key, state]);
}

/** Where the cells of a row stand, whichever row: those of columns out of sight leave a gap. */
export function useCellPlaces<R>(
  columns: ReadonlyArray<IColumn<R>>,
  { widths }: ILayout,
  shown: ReadonlyArray<number>
): ReadonlyArray<ICellPlace> {
  return React.useMemo(() => {
    let next = 0;
    return shown.map(nth => {
      const gap = widths.slice(next, nth).reduce((sum, it) => sum + it, 0);
      next = nth + 1;
      const width = columns[nth].align === 'state' ? undefined : widths[nth];
      const style = gap > 0 ? { width, marginLeft: gap } : width && { width };
      return { nth, style: style || undefined };
    });
  }, [columns, widths, shown]);
}
