import { solvedUntil } from '../../classview/views/figures/solvedexercises';

const row = (student: string, ...solved_ms: number[]) => ({
  student,
  has_tried: true,
  exercise: 0,
  solved_ms
});

describe('the exercises that students had solved', () => {
  const rows = [row('ANN', 10), row('BEA', 10, 20, 30), row('CLEO')];

  it.each([
    [
      null,
      [
        ['BEA', 3],
        ['ANN', 1],
        ['CLEO', 0]
      ]
    ],
    [
      20,
      [
        ['BEA', 2],
        ['ANN', 1],
        ['CLEO', 0]
      ]
    ],
    [
      9,
      [
        ['ANN', 0],
        ['BEA', 0],
        ['CLEO', 0]
      ]
    ]
  ])('until %p', (toMs, expected) => {
    expect(solvedUntil(rows, toMs)).toEqual(expected);
  });
});
