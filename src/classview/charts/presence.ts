import type { Engagement } from '../answers/engagement';
import { momentText } from '../parts/format';
import { columnsOf } from './columns';
import type { Draw } from './chart';
import { countsOverTime, dateOf } from './timeaxes';

type Slots = Engagement['slots'];

const SLOT_MS = 5 * 60_000;

/** Students who were there, per five minutes. */
export const presence: Draw<Slots> = (plot, data, width, trans) => {
  const steps = stepsOf(data);
  const chart = plot.plot({
    width,
    height: 100,
    marginLeft: 28,
    marginTop: 8,
    marginBottom: 32,
    ...countsOverTime(width, 3),
    marks: [
      plot.areaY(steps, {
        x: dateOf,
        y: 'present',
        curve: 'step-after',
        fill: 'var(--cv-band)'
      }),
      plot.lineY(steps, {
        x: dateOf,
        y: 'present',
        curve: 'step-after',
        stroke: 'var(--cv-line)'
      })
    ]
  });
  const moments = steps.slice(0, -1).map(({ at_ms, present }) => ({
    atMs: at_ms,
    words: trans.__('%1 present at %2', present, momentText(at_ms)),
    target: {
      figure: 'present' as const,
      fromMs: at_ms,
      toMs: at_ms + SLOT_MS
    }
  }));
  return {
    chart,
    spots: columnsOf(chart, moments, steps[steps.length - 1].at_ms)
  };
};

/**
 * The figures of a line that goes on as long as each is good: the five minutes of each, nobody
 * where the server names none, and the end of the last.
 */
export function stepsOf(slots: Slots): Slots {
  const steps: Slots = [];
  for (const slot of slots) {
    const end = steps[steps.length - 1]?.at_ms + SLOT_MS;
    if (steps.length > 0 && slot.at_ms > end) {
      steps.push({ at_ms: end, present: 0 });
    }
    steps.push(slot);
  }
  const last = slots[slots.length - 1];
  return last ? [...steps, { ...last, at_ms: last.at_ms + SLOT_MS }] : steps;
}
