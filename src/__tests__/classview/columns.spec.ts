import { columnsOf } from '../../classview/charts/columns';

type Chart = Parameters<typeof columnsOf>[0];

/** A chart that has a pixel for a second, from 20 on. */
const CHART = {
  scale: (name: string) =>
    name === 'x'
      ? { range: [20, 120], apply: (at: Date) => 20 + at.getTime() / 1000 }
      : { range: [80, 10], apply: Number }
} as unknown as Chart;

const at = (...seconds: number[]) =>
  seconds.map(second => ({
    atMs: second * 1000,
    words: `at ${second}`,
    target: { toMs: second * 1000 }
  }));

const placesOf = (endMs: number, ...seconds: number[]) =>
  columnsOf(CHART, at(...seconds), endMs).map(({ words, left, width }) => [
    words,
    left,
    width
  ]);

describe('the places of a chart over time', () => {
  it('go up to the next moment, as high as the chart', () => {
    expect(columnsOf(CHART, at(0, 50), 100_000)).toEqual([
      expect.objectContaining({ left: 20, width: 50, top: 10, height: 70 }),
      expect.objectContaining({ left: 70, width: 50, target: { toMs: 50_000 } })
    ]);
  });

  it('are wide enough to be clicked, and within the chart', () => {
    expect(placesOf(100_000, 0, 3, 6, 9, 100)).toEqual([
      ['at 0', 20, 9],
      ['at 9', 29, 91],
      ['at 100', 112, 8]
    ]);
  });
});
