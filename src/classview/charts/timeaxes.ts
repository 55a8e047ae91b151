import type { PlotOptions } from './plot';

/** The time of a figure, as Plot takes it. */
export const dateOf = ({ at_ms }: { readonly at_ms: number }): Date =>
  new Date(at_ms);

/** The axes of counts over time, in a chart of so many pixels. */
export function countsOverTime(
  width: number,
  yTicks: number
): Pick<PlotOptions, 'x' | 'y'> {
  return {
    x: {
      type: 'time',
      label: null,
      ticks: Math.max(2, Math.floor(width / 110))
    },
    y: {
      label: null,
      grid: true,
      nice: true,
      ticks: yTicks,
      tickFormat: 'd',
      zero: true
    }
  };
}
