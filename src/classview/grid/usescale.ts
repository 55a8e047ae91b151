import * as React from 'react';

/** The size of type that widths and heights are told for, in pixels. */
const USUAL = 13;

/** How much larger than usual the type is: readers choose that, and projectors need it. */
export function useScale(node: React.RefObject<HTMLElement | null>): number {
  const [scale, setScale] = React.useState(1);
  React.useLayoutEffect(() => {
    if (node.current) {
      const size = parseFloat(getComputedStyle(node.current).fontSize);
      setScale(size > 0 ? size / USUAL : 1);
    }
  });
  return scale;
}
