import { stretchesOf } from '../../classview/parts/presence';

const MINUTE = 60_000;
const at = (...minutes: number[]): number[] => minutes.map(it => it * MINUTE);

describe('the stretches of a presence', () => {
  it.each([
    ['nothing', at(), []],
    ['five minutes', at(10), [at(10, 15)]],
    ['neighbours', at(0, 5, 10), [at(0, 15)]],
    ['a gap', at(0, 5, 20), [at(0, 10), at(20, 25)]]
  ])('of %s', (_, present, expected) => {
    expect(stretchesOf(present)).toEqual(expected);
  });
});
