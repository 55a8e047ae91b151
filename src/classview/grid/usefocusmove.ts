import * as React from 'react';
import type { IPosition } from './keys';

/** The sizes of a grid by which the focus moves. */
export interface IMeasures {
  /** How many rows there are besides header and foot. */
  readonly count: number;
  readonly rowHeight: number;
  readonly widths: ReadonlyArray<number>;
  /** How high header and foot are together. */
  readonly edges: number;
}

/**
 * Have the focus follow the keyboard, with what it is on in sight.
 *
 * @param active - the place that the focus is to be at
 * @returns a function that says that this place is another with the next drawing
 */
export function useFocusMove(
  scroller: React.RefObject<HTMLElement | null>,
  active: IPosition,
  measures: IMeasures
): () => void {
  const isMoved = React.useRef(false);
  React.useLayoutEffect(() => {
    const node = scroller.current;
    if (isMoved.current && node) {
      isMoved.current = false;
      reveal(node, active, measures);
      node
        .querySelector<HTMLElement>('[tabindex="0"]')
        ?.focus({ preventScroll: true });
    }
  });
  return React.useCallback(() => {
    isMoved.current = true;
  }, []);
}

/** Scroll as little as it takes to see a place below the header and beside the names. */
function reveal(
  node: HTMLElement,
  { row, column }: IPosition,
  { count, rowHeight, widths, edges }: IMeasures
): void {
  if (row >= 0 && row < count) {
    const lowest = (row + 1) * rowHeight - (node.clientHeight - edges);
    node.scrollTop = Math.min(
      Math.max(node.scrollTop, lowest),
      row * rowHeight
    );
  }
  if (column > 0) {
    const left = widths.slice(1, column).reduce((sum, width) => sum + width, 0);
    const rightmost = left + widths[column] + widths[0] - node.clientWidth;
    node.scrollLeft = Math.min(Math.max(node.scrollLeft, rightmost), left);
  }
}
