import * as React from 'react';

/**
 * Give the focus to the first input of what comes in the place of a field that had
 * the focus: the browser leaves the focus nowhere then.
 *
 * @returns to be given to the element that has the input
 */
export function useFocusOfPredecessor(): React.RefObject<HTMLDivElement> {
  const root = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) {
      root.current?.querySelector('input')?.focus();
    }
  }, []);
  return root;
}
