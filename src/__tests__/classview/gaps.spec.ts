import { gapsOf } from '../../classview/views/gaps';
import type { StudentEvent } from '../../classview/answers/student';

const eventsOf = (...numbers: unknown[]): StudentEvent[] =>
  numbers.map((seq, index) => ({
    row: index,
    uuid: String(seq),
    event: 'cell_executed',
    at_ms: index,
    notebook: 'D1',
    exercise: null,
    title: null,
    properties: { seq }
  }));

describe('the gaps of a session', () => {
  it.each<[string, unknown[], number, [string, number][]]>([
    ['no event', [], 1, []],
    ['all events', [1, 2, 3], 1, []],
    ['no beginning', [3, 4], 1, [['3', 2]]],
    ['a page of it', [3, 4, 6], 3, [['6', 1]]],
    ['another order', [2, 1, 5, 4], 1, [['4', 1]]],
    ['an event twice', [1, 2, 2, 4], 1, [['4', 1]]],
    ['events without numbers', [1, null, 'x', 3], 1, [['3', 1]]]
  ])('of %s', (_, numbers, from, expected) => {
    expect([...gapsOf(eventsOf(...numbers), from)]).toEqual(expected);
  });
});
