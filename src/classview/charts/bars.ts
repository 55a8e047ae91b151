import type { ExerciseRow } from '../answers/exercises';
import type { Plot } from './chart';

/** Pixels of a row. */
const ROW = 26;
/** The most characters of a title beside a chart; the table has all of it. */
const TITLE = 22;
/** About the width of a character. */
const CHARACTER = 6;

/** A part of a bar: its words, colour and that of the number in it. */
export interface IPart {
  readonly words: string;
  readonly fill: string;
  readonly ink: string;
  readonly count: (row: ExerciseRow) => number;
}

/** What the rows of charts of exercises are called, in their order. */
export function rowNames(rows: ReadonlyArray<ExerciseRow>): string[] {
  return rows.map(({ title }, index) => {
    const cut = title.length > TITLE ? `${title.slice(0, TITLE - 1)}…` : title;
    // Two exercises with one title are two rows all the same.
    return `${cut}${'\u200b'.repeat(index)}`;
  });
}

/** The frame of a chart with a row for each exercise. */
export function frameOf(
  names: ReadonlyArray<string>,
  width: number,
  top = 24
): object {
  const longest = Math.max(
    ...names.map(name => name.replace(/\u200b/g, '').length)
  );
  return {
    width,
    height: top + names.length * ROW + 24,
    marginTop: top,
    marginBottom: 24,
    marginLeft: Math.min(longest * CHARACTER + 12, width / 2),
    marginRight: 12,
    y: { domain: names, label: null, tickSize: 0, padding: 0.25 }
  };
}

/** Bars of students in parts, each with its number, and a key above. */
export function stackedBars(
  plot: Plot,
  rows: ReadonlyArray<ExerciseRow>,
  width: number,
  parts: ReadonlyArray<IPart>
): SVGElement | HTMLElement {
  const names = rowNames(rows);
  const pieces = rows.flatMap((row, index) => {
    let start = 0;
    return parts.map(part => {
      const count = part.count(row);
      start += count;
      return {
        ...part,
        name: names[index],
        count,
        from: start - count,
        to: start
      };
    });
  });
  const seen = pieces.filter(({ count }) => count > 0);
  return plot.plot({
    ...frameOf(names, width, 12),
    x: { label: null, ticks: 5, tickFormat: 'd', nice: true, grid: true },
    marks: [
      plot.barX(seen, {
        y: 'name',
        x1: 'from',
        x2: 'to',
        fill: 'fill',
        stroke: 'var(--cv-paper)',
        insetRight: 0.5
      }),
      plot.text(seen, {
        y: 'name',
        x: ({ from, to }: { from: number; to: number }) => (from + to) / 2,
        text: ({ count }: { count: number }) => String(count),
        fill: 'ink'
      })
    ],
    color: { type: 'identity' }
  });
}
