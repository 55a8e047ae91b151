import type { ExerciseRow } from '../answers/exercises';
import type { Part } from '../model/address';
import type { Trans } from '../trans';
import type { Draw, IDrawn, Plot } from './chart';
import type { IPart } from './key';
import type { ISpot } from './spots';

/** Pixels of a row. */
const ROW = 26;
/** The most characters of a title beside a chart; the table has all of it. */
const TITLE = 22;
/** The width of a character, rather too wide: what does not fit is cut off at the edge. */
const CHARACTER = 6.6;
/** The narrowest place that can be clicked, in pixels. */
const NARROWEST = 8;

/** A part of a bar. */
export interface IBarPart {
  readonly words: string;
  /** The number of its colours: of the part, and of the number in it. */
  readonly shade: 1 | 2 | 3 | 4;
  /** The part of the exercise that a click on the bar opens. */
  readonly part: Part;
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

/** A stretch of a row that opens the students whom it is made of. */
export interface IStretch {
  readonly row: ExerciseRow;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly part: Part;
  readonly words: string;
}

/** Where stretches of rows lie in a chart that was drawn. */
export function spotsOf(
  chart: ReturnType<Plot['plot']>,
  stretches: ReadonlyArray<IStretch>
): ReadonlyArray<ISpot> {
  const [x, y] = [chart.scale('x'), chart.scale('y')];
  return stretches.map(({ row, name, from, to, part, words }) => {
    const [left, right] = [x!.apply(from) as number, x!.apply(to) as number];
    const more = Math.max(0, NARROWEST - (right - left)) / 2;
    return {
      left: left - more,
      width: right - left + 2 * more,
      top: y!.apply(name) as number,
      height: y!.bandwidth!,
      words: `${row.title}: ${words}`,
      target: { notebook: row.notebook, exercise: row.exercise, part }
    };
  });
}

/** Bars of students in parts, each with its number, and a key above. */
export function stackedBars(
  partsOf: (trans: Trans) => ReadonlyArray<IBarPart>
): Draw<ReadonlyArray<ExerciseRow>> {
  return (plot, rows, width, trans) =>
    drawn(plot, rows, width, partsOf(trans).map(coloured), trans);
}

/** A part with the colours of its shade. */
type ColouredPart = IBarPart & IPart & { readonly ink: string };

function coloured(part: IBarPart): ColouredPart {
  const { shade } = part;
  return {
    ...part,
    fill: `var(--cv-part${shade})`,
    ink: `var(--cv-ink${shade})`
  };
}

function drawn(
  plot: Plot,
  rows: ReadonlyArray<ExerciseRow>,
  width: number,
  parts: ReadonlyArray<ColouredPart>,
  trans: Trans
): IDrawn {
  const names = rowNames(rows);
  const pieces = rows.flatMap((row, index) => {
    let start = 0;
    return parts.map(({ count: counted, ...part }) => {
      const count = counted(row);
      start += count;
      return {
        ...part,
        row,
        name: names[index],
        count,
        from: start - count,
        to: start,
        words: trans._n('%1 student, %2', '%1 students, %2', count, part.words)
      };
    });
  });
  const seen = pieces.filter(({ count }) => count > 0);
  const chart = plot.plot({
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
  return { chart, key: parts, spots: spotsOf(chart, seen) };
}
