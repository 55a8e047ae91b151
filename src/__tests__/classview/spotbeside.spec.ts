import { spotBeside } from '../../classview/charts/spotbeside';

/** Two rows: three places, and two that lie under the first and the last. */
const PLACES = [
  { left: 0, top: 10, width: 20 },
  { left: 20, top: 10, width: 60 },
  { left: 80, top: 10, width: 20 },
  { left: 0, top: 40, width: 40 },
  { left: 40, top: 40, width: 50 }
];

describe('the place of a chart to which a key leads', () => {
  it.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 3],
    [4, 'ArrowRight', 4],
    [3, 'ArrowLeft', 2],
    [0, 'ArrowLeft', 0],
    [0, 'ArrowDown', 3],
    [2, 'ArrowDown', 4],
    [4, 'ArrowDown', 4],
    [4, 'ArrowUp', 1],
    [3, 'ArrowUp', 0],
    [1, 'ArrowUp', 1],
    [3, 'Home', 0],
    [0, 'End', 4],
    [0, 'Enter', null],
    [0, 'Tab', null]
  ])('from %d with %s is %s', (from, key, expected) => {
    expect(spotBeside(PLACES, from, key)).toBe(expected);
  });
});
