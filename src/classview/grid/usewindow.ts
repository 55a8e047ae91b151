import type { Range } from '@tanstack/react-virtual';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import type { IPosition } from './keys';
import type { ILayout } from './layout';

/** Rows and columns beyond the edge that are drawn too, so that scrolling shows no blank. */
const MORE_ROWS = 4;
const MORE_COLUMNS = 2;

/** What of a grid is drawn. */
export interface IWindow {
  /** Rows by their numbers; the columns too, the first one always among them. */
  readonly rows: ReadonlyArray<number>;
  readonly columns: ReadonlyArray<number>;
}

/**
 * Draw only what can be seen of a grid, and always the cell that has the focus:
 * the focus would be lost with it.
 *
 * @param active - the place that has the focus
 */
export function useWindow(
  scroller: React.RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  { widths }: ILayout,
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
    count: widths.length - 1,
    getScrollElement: () => scroller.current,
    estimateSize: index => widths[index + 1],
    overscan: MORE_COLUMNS,
    rangeExtractor: React.useCallback(
      (range: Range) => withIndex(range, active.column - 1),
      [active.column]
    )
  });
  const measured = React.useRef({ rowHeight, widths });
  React.useLayoutEffect(() => {
    const { current } = measured;
    measured.current = { rowHeight, widths };
    if (current.rowHeight !== rowHeight) {
      rows.measure();
    }
    if (current.widths !== widths) {
      columns.measure();
    }
  }, [rows, columns, rowHeight, widths]);
  return {
    rows: useSame(rows.getVirtualIndexes()),
    columns: useSame([0, ...columns.getVirtualIndexes().map(nth => nth + 1)])
  };
}

/** The same list as long as the same numbers are in it: what is drawn of it then is, too. */
function useSame(numbers: ReadonlyArray<number>): ReadonlyArray<number> {
  const held = React.useRef(numbers);
  if (String(held.current) !== String(numbers)) {
    held.current = numbers;
  }
  return held.current;
}

function withIndex(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range);
  return index < 0 || index >= range.count || shown.includes(index)
    ? shown
    : [...shown, index].sort((a, b) => a - b);
}
