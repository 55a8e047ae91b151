import * as z from 'zod/mini';
import {
  count,
  exerciseRef,
  maybeMs,
  ms,
  quartiles,
  share,
  spark
} from './common';

/** A student at an exercise. */
export interface ICell {
  readonly state: 'tried' | 'failing' | 'passed' | 'peeked';
  readonly runs: number;
  /** Results of tests, all of them. */
  readonly tries: number;
  /** Failed tests before the first passed one. */
  readonly fails: number;
  readonly active_ms: number;
  readonly last_ms: number | null;
}

/**
 * A row's cells; null where nothing was done. A large class has 18,000: they are looked at by hand
 * since zod, which may compile nothing in a page with a strict policy, takes ten times as long.
 */
const cells = z.custom<ReadonlyArray<ICell | null>>(
  given => Array.isArray(given) && given.every(isCell)
);

const STATES: ReadonlySet<unknown> = new Set<ICell['state']>([
  'tried',
  'failing',
  'passed',
  'peeked'
]);

function isCell(given: unknown): boolean {
  if (given === null) {
    return true;
  }
  const cell = (given ?? {}) as { readonly [K in keyof ICell]?: unknown };
  return (
    STATES.has(cell.state) &&
    isCount(cell.runs) &&
    isCount(cell.tries) &&
    isCount(cell.fails) &&
    typeof cell.active_ms === 'number' &&
    (cell.last_ms === null || typeof cell.last_ms === 'number')
  );
}

function isCount(given: unknown): boolean {
  return Number.isSafeInteger(given) && (given as number) >= 0;
}

/** Who has done what: a row a student, a column an exercise. */
export const progress = z.object({
  exercises: z.array(exerciseRef),
  students: z.array(
    z.object({
      student: z.string(),
      solved: count,
      last_ms: maybeMs,
      active_ms: ms,
      spark,
      /** In the order of `exercises`. */
      cells
    })
  ),
  /** Null of an exercise without tests. */
  solved_share: z.array(z.nullable(share)),
  active: quartiles
});

export type Progress = z.infer<typeof progress>;
export type ProgressRow = Progress['students'][number];
export type ProgressCell = ICell | null;
