import { moveBy } from '../../classview/grid/keys';
import { holdOrder } from '../../classview/grid/order';

describe('an order that is held', () => {
  it('changes nothing that is on the screen', () => {
    expect(holdOrder(['a', 'b', 'c'], ['c', 'b', 'a'])).toEqual([
      'a',
      'b',
      'c'
    ]);
  });

  it('puts what is new at the end, and leaves out what is gone', () => {
    expect(holdOrder(['a', 'b', 'c'], ['d', 'c', 'a'])).toEqual([
      'a',
      'c',
      'd'
    ]);
  });
});

describe('a key in a grid', () => {
  const extent = { rows: 300, columns: 64, page: 20 };
  const at = { row: 40, column: 10 };

  it.each([
    ['ArrowDown', false, 41, 10],
    ['ArrowUp', false, 39, 10],
    ['ArrowLeft', false, 40, 9],
    ['ArrowRight', false, 40, 11],
    ['ArrowDown', true, 299, 10],
    ['ArrowUp', true, -1, 10],
    ['Home', false, 40, 0],
    ['End', false, 40, 63],
    ['Home', true, -1, 0],
    ['End', true, 299, 63],
    ['PageDown', false, 60, 10],
    ['PageUp', false, 20, 10]
  ])('%s, with Control: %s, leads to %d, %d', (key, control, row, column) => {
    expect(moveBy(key, control, at, extent)).toEqual({ row, column });
  });

  it('leads no further than the edge', () => {
    const end = { row: 299, column: 63 };
    for (const key of ['ArrowDown', 'ArrowRight', 'PageDown', 'End']) {
      expect(moveBy(key, false, end, extent)).toEqual(end);
    }
    const start = { row: -1, column: 0 };
    for (const key of ['ArrowUp', 'ArrowLeft', 'PageUp', 'Home']) {
      expect(moveBy(key, false, start, extent)).toEqual(start);
    }
  });

  it('that is for something else leads nowhere', () => {
    expect(moveBy('a', false, at, extent)).toBeNull();
  });
});
