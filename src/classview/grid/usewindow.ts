import type { Range, VirtualItem } from '@tanstack/react-virtual';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import type { IPosition } from './keys';

/** Rows and columns beyond the edge that are drawn too, so that scrolling shows no blank. */
const MORE_ROWS = 8;
const MORE_COLUMNS = 4;

/** What of a grid is drawn. */
export interface IWindow {
  readonly rows: ReadonlyArray<VirtualItem>;
  /** Columns by their number, without that of the names, which is always there. */
  readonly columns: ReadonlyArray<VirtualItem>;
  readonly height: number;
}

/**
 * Draw only what can be seen of a grid, and always the cell that has the focus:
 * the focus would be lost with it.
 *
 * @param widths - of all columns but the first, in pixels
 * @param active - the place that has the focus
 */
export function useWindow(
  scroller: React.RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  widths: ReadonlyArray<number>,
  active: IPosition
): IWindow {
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: MORE_ROWS,
    rangeExtractor: React.useCallback(
      (range: Range) => withIndex(range, active.row),
      [active.row]
    )
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => widths[index],
    overscan: MORE_COLUMNS,
    rangeExtractor: React.useCallback(
      (range: Range) => withIndex(range, active.column - 1),
      [active.column]
    )
  });
  const measured = `${rowHeight} ${widths.join(' ')}`;
  React.useLayoutEffect(() => {
    rows.measure();
    columns.measure();
  }, [rows, columns, measured]);
  return {
    rows: rows.getVirtualItems(),
    columns: columns.getVirtualItems(),
    height: rows.getTotalSize()
  };
}

function withIndex(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range);
  return index < 0 || index >= range.count || shown.includes(index)
    ? shown
    : [...shown, index].sort((a, b) => a - b);
}
