import * as React from 'react';

/**
 * An order that keeps still: what was there stays where it was, what is new comes
 * to the end.
 *
 * @param before - ids in the order that is on the screen
 * @param wanted - ids in the order that they should have
 */
export function holdOrder(
  before: ReadonlyArray<string>,
  wanted: ReadonlyArray<string>
): ReadonlyArray<string> {
  const left = new Set(wanted);
  const kept = before.filter(id => left.delete(id));
  return left.size === 0 && kept.length === before.length
    ? before
    : [...kept, ...left];
}

/**
 * The order of a list that never changes under the pointer or the keyboard.
 *
 * @param sorting - says what was asked for: another sorting counts at once
 * @param isUsed - whether pointer or focus are in the list
 */
export function useHeldOrder(
  wanted: ReadonlyArray<string>,
  sorting: string,
  isUsed: boolean
): {
  readonly order: ReadonlyArray<string>;
  /** Whether the order is not that which was asked for. */
  readonly isBehind: boolean;
  /** Take the order that was asked for, now. */
  readonly update: () => void;
} {
  const [, redraw] = React.useReducer((count: number) => count + 1, 0);
  const held = React.useRef({ order: wanted, sorting });
  const isToHold = isUsed && held.current.sorting === sorting;
  held.current = {
    order: isToHold ? holdOrder(held.current.order, wanted) : wanted,
    sorting
  };
  const { order } = held.current;
  const update = React.useCallback(() => {
    held.current = { order: [], sorting: '' };
    redraw();
  }, []);
  return {
    order,
    isBehind: isToHold && order.some((id, index) => id !== wanted[index]),
    update
  };
}
