import type { Engagement } from '../answers/engagement';
import type { Draw } from './chart';

const dateOf = ({ at_ms }: { readonly at_ms: number }): Date => new Date(at_ms);

/** Students who were there, per five minutes. */
export const presence: Draw<Engagement['slots']> = (plot, data, width) => ({
  chart: plot.plot({
    width,
    height: 100,
    marginLeft: 28,
    marginTop: 8,
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
      ticks: 3,
      tickFormat: 'd',
      zero: true
    },
    marks: [
      plot.areaY(data, {
        x: dateOf,
        y: 'present',
        curve: 'step-after',
        fill: 'var(--cv-band)'
      }),
      plot.lineY(data, {
        x: dateOf,
        y: 'present',
        curve: 'step-after',
        stroke: 'var(--cv-line)'
      })
    ]
  })
});
