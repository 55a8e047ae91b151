import * as React from 'react';

/** The size of type that widths and heights are told for, in pixels. */
const USUAL = 13;

/**
 * How much larger than usual the type is: readers choose that, and projectors need it.
 *
 * @param node - an element that is one em wide
 */
export function useScale(node: React.RefObject<HTMLElement | null>): number {
  const [scale, setScale] = React.useState(1);
  React.useLayoutEffect(() => {
    // Asking for the size at each drawing would have the page laid out once more.
    const observer = new ResizeObserver(([{ contentRect }]) => {
      setScale(contentRect.width > 0 ? contentRect.width / USUAL : 1);
    });
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, [node]);
  return scale;
}
