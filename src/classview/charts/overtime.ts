import type { Frontier } from '../answers/frontier';
import { momentText } from '../parts/format';
import { columnsOf } from './columns';
import type { Draw } from './chart';
import { countsOverTime, dateOf } from './timeaxes';

/** Exercises solved over time: the median, within the middle half of the class. */
export const overTime: Draw<Frontier['over_time']> = (
  plot,
  data,
  width,
  trans
) => {
  const chart = plot.plot({
    width,
    height: 150,
    marginLeft: 28,
    marginTop: 12,
    marginBottom: 32,
    ...countsOverTime(width, 4),
    marks: [
      plot.areaY(data, {
        x: dateOf,
        y1: 'q1',
        y2: 'q3',
        curve: 'step-after',
        fill: 'var(--cv-band)'
      }),
      plot.lineY(data, {
        x: dateOf,
        y: 'median',
        curve: 'step-after',
        stroke: 'var(--cv-line)',
        strokeWidth: 2
      }),
      plot.text(data.slice(-1), {
        x: dateOf,
        y: 'median',
        text: ({ median }) => trans.__('median %1', median),
        textAnchor: 'end',
        dy: -8,
        fill: 'var(--cv-text)'
      })
    ]
  });
  const moments = data.map(({ at_ms, median, q1, q3 }) => ({
    atMs: at_ms,
    words: trans.__(
      'Solved at %1: median %2, from %3 to %4',
      momentText(at_ms),
      median,
      q1,
      q3
    ),
    target: { figure: 'solved' as const, toMs: at_ms }
  }));
  return {
    chart,
    spots: columnsOf(chart, moments, data[data.length - 1].at_ms)
  };
};
