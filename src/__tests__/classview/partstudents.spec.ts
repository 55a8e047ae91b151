import type { ICell } from '../../classview/answers/progress';
import { isIn, isTriedPart } from '../../classview/views/partstudents';
import { PARTS } from '../../classview/model/address';

const cell = (state: ICell['state'], fails: number, runs = 1): ICell => ({
  state,
  fails,
  runs,
  tries: fails,
  active_ms: 0,
  last_ms: null
});

describe('the parts of those who tried', () => {
  it.each([
    ['nothing', null, []],
    ['a run', cell('tried', 0), ['tried', 'unsolved']],
    ['nothing but a look', cell('tried', 0, 0), []],
    ['a failure', cell('failing', 2), ['tried', 'unsolved']],
    ['a pass at once', cell('passed', 0), ['tried', 'one', 'passed']],
    [
      'a pass after a look',
      cell('peeked', 1),
      ['tried', 'peeked', 'two', 'passed']
    ],
    ['a late pass', cell('passed', 7), ['tried', 'more', 'passed']]
  ])('that have somebody with %s', (_, given, expected) => {
    const tried = PARTS.filter(isTriedPart);
    expect(tried.filter(part => isIn(part, given))).toEqual(expected);
  });
});
