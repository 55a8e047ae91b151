import { test } from '@playwright/test';

/** The annotation that carries a figure from a measure to the report. */
export const FIGURE = 'figure';

/** One figure, and what it must reach. */
export interface IFigure {
  /** What was measured, in a few words. */
  readonly measure: string;
  readonly value: number;
  /** As it stands behind the number, `ms` or `x`. */
  readonly unit: string;
  /** Without a bar a figure only explains another. */
  readonly atMost?: number;
  readonly atLeast?: number;
  /** How much it varied, what it was compared with, what was lost. */
  readonly note?: string;
}

/** Put a figure into the report. */
export function record(figure: IFigure): void {
  test.info().annotations.push({
    type: FIGURE,
    description: JSON.stringify(figure)
  });
}

export function median(values: ReadonlyArray<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value that such a share of all does not exceed, as 0.95 of them. */
export function quantile(values: ReadonlyArray<number>, share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length, Math.ceil(sorted.length * share)) - 1];
}

/** The ratios of runs that lay side by side: what slowed both drops out. */
export function ratios(
  values: ReadonlyArray<number>,
  others: ReadonlyArray<number>
): number[] {
  return values.map((value, index) => value / others[index]);
}

/** The least and the greatest, in words. */
export function spread(values: ReadonlyArray<number>, digits = 2): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}

export function sum(values: ReadonlyArray<number>): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Print what explains the figures and is none itself. */
export function explain(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
