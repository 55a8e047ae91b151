interface IPlaced {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/**
 * To which place of a chart a key leads: to the one beside it in its row, to the nearest one of the
 * next row, to the first or the last one.
 *
 * @param places - row by row
 * @returns the number of a place; null for a key that leads nowhere
 */
export function spotBeside(
  places: ReadonlyArray<IPlaced>,
  from: number,
  key: string
): number | null {
  switch (key) {
    case 'ArrowRight':
      return Math.min(from + 1, places.length - 1);
    case 'ArrowLeft':
      return Math.max(from - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return places.length - 1;
    case 'ArrowDown':
      return nearest(places, from, top => top > places[from].top, 1);
    case 'ArrowUp':
      return nearest(places, from, top => top < places[from].top, -1);
    default:
      return null;
  }
}

/** The place of the next row that has any, at which the middles are the nearest; else where it was. */
function nearest(
  places: ReadonlyArray<IPlaced>,
  from: number,
  isBeyond: (top: number) => boolean,
  step: 1 | -1
): number {
  let first = from;
  while (places[first] && !isBeyond(places[first].top)) {
    first += step;
  }
  if (!places[first]) {
    return from;
  }
  const middle = ({ left, width }: IPlaced): number => left + width / 2;
  let best = first;
  for (let at = first; places[at]?.top === places[first].top; at += step) {
    const distance = Math.abs(middle(places[at]) - middle(places[from]));
    if (distance < Math.abs(middle(places[best]) - middle(places[from]))) {
      best = at;
    }
  }
  return best;
}
