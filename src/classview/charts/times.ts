import type { ExerciseRow } from '../answers/exercises';
import type { Names } from '../model/names';
import { durationText } from '../parts/format';
import type { Draw } from './chart';
import { frameOf, rowNames, spotsOf } from './bars';
import type { ISpot } from './spots';

const MINUTE = 60_000;

/** Pixels of a place that a dot can be clicked at: the box lies open above it and below. */
const DOT = 8;

/** What the chart of times shows. */
export interface ITimes {
  readonly rows: ReadonlyArray<ExerciseRow>;
  readonly names: Names;
}

/** Active time to pass: each student a dot, a box from quartile to quartile, a line at the median. */
export const timeBoxes: Draw<ITimes> = (
  plot,
  { rows, names: students },
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
  const dots = rows.flatMap((row, index) =>
    row.active_times.map((ms, nth) => ({
      row,
      student: row.active_students[nth],
      name: names[index],
      minutes: ms / MINUTE,
      ms
    }))
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
  const [x, y] = [chart.scale('x')!, chart.scale('y')!];
  const dotSpots = dots.map(({ row, student, name, minutes, ms }): ISpot => ({
    left: (x.apply(minutes) as number) - DOT / 2,
    width: DOT,
    top: (y.apply(name) as number) + (y.bandwidth! - DOT) / 2,
    height: DOT,
    words: trans.__(
      '%1: %2 passed after %3',
      row.title,
      students.of(student),
      durationText(ms, trans)
    ),
    target: {
      student: students.addressOf(student),
      notebook: row.notebook,
      exercise: row.exercise
    }
  }));
  // Row by row: an exercise's box, then its dots.
  const spots = [...spotsOf(chart, stretches), ...dotSpots];
  return { chart, spots: spots.sort((one, other) => one.top - other.top) };
};
