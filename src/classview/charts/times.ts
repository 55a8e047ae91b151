import type { ExerciseRow } from '../answers/exercises';
import { durationText } from '../parts/format';
import type { Draw } from './chart';
import { frameOf, rowNames, spotsOf } from './bars';

const MINUTE = 60_000;

/** Active time to pass: each student a dot, a box from quartile to quartile, a line at the median. */
export const timeBoxes: Draw<ReadonlyArray<ExerciseRow>> = (
  plot,
  rows,
  width,
  trans
) => {
  const names = rowNames(rows);
  const boxes = rows.flatMap((row, index) => {
    const { active } = row;
    return active
      ? [
          {
            row,
            name: names[index],
            q1: active.q1 / MINUTE,
            median: active.median / MINUTE,
            q3: active.q3 / MINUTE
          }
        ]
      : [];
  });
  const dots = rows.flatMap(({ active_times }, index) =>
    active_times.map(ms => ({ name: names[index], minutes: ms / MINUTE }))
  );
  const chart = plot.plot({
    ...frameOf(names, width, 12),
    x: { label: null, grid: true, nice: true, zero: true, ticks: 5 },
    marks: [
      plot.barX(boxes, {
        y: 'name',
        x1: 'q1',
        x2: 'q3',
        fill: 'var(--cv-band)'
      }),
      plot.dot(dots, {
        y: 'name',
        x: 'minutes',
        r: 2,
        fill: 'var(--cv-quiet)',
        fillOpacity: 0.6
      }),
      plot.tickX(boxes, {
        y: 'name',
        x: 'median',
        stroke: 'var(--cv-line)',
        strokeWidth: 3
      })
    ]
  });
  const stretches = boxes.map(({ row, name, q1, median, q3 }) => ({
    row,
    name,
    from: q1,
    to: q3,
    part: 'passed' as const,
    words: trans.__(
      '%1 passed, median %2',
      row.passed,
      durationText(median * MINUTE, trans)
    )
  }));
  return { chart, spots: spotsOf(chart, stretches) };
};
