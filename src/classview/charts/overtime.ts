import type { Frontier } from '../answers/frontier';
import { momentText } from '../parts/format';
import { columnsOf } from './columns';
import type { Draw } from './chart';

const dateOf = ({ at_ms }: { readonly at_ms: number }): Date => new Date(at_ms);

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
    x: {
      type: 'time',
      label: null,
      ticks: Math.max(2, Math.floor(width / 110))
    },
    y: {
      label: null,
      grid: true,
      nice: true,
      ticks: 4,
      tickFormat: 'd',
      zero: true
    },
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
