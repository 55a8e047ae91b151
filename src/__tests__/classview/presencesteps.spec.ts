import { stepsOf } from '../../classview/charts/presence';
import { presenceAt } from '../../classview/views/figures/presentthen';

const MINUTE = 60_000;
const slots = (
  ...told: [number, number][]
): { at_ms: number; present: number }[] =>
  told.map(([minute, present]) => ({ at_ms: minute * MINUTE, present }));

describe('the line of who was present', () => {
  it.each([
    [
      'goes on to the end of the last five minutes',
      [
        [0, 3],
        [5, 4]
      ],
      [
        [0, 3],
        [5, 4],
        [10, 4]
      ]
    ],
    [
      'says nobody where nobody was',
      [
        [0, 3],
        [20, 1]
      ],
      [
        [0, 3],
        [5, 0],
        [20, 1],
        [25, 1]
      ]
    ],
    ['is none of nobody', [], []]
  ] as [string, [number, number][], [number, number][]][])(
    '%s',
    (_, given, expected) => {
      expect(stepsOf(slots(...given))).toEqual(slots(...expected));
    }
  );
});

describe('five minutes', () => {
  it('have those who were present, and those who were there at other times', () => {
    const row = (student: string, ...present: number[]) => ({
      student,
      span_ms: 0,
      away_ms: 0,
      away_share: null,
      leaves: { page_hidden: 0, window: 0, tab: 0 },
      present
    });
    const students = [row('ANN', 0, 5), row('BEA', 0), row('CLEO', 5)];
    expect(presenceAt(students, 5)).toEqual({
      present: ['ANN', 'CLEO'],
      away: ['BEA']
    });
  });
});
