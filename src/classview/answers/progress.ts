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

/** A student at an exercise; null where nothing was done. */
const cell = z.nullable(
  z.object({
    state: z.enum(['tried', 'failing', 'passed', 'peeked']),
    runs: count,
    /** Results of tests, all of them. */
    tries: count,
    /** Failed tests before the first passed one. */
    fails: count,
    active_ms: ms,
    last_ms: maybeMs
  })
);

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
      cells: z.array(cell)
    })
  ),
  solved_share: z.array(share),
  active: quartiles
});

export type Progress = z.infer<typeof progress>;
export type ProgressRow = Progress['students'][number];
export type ProgressCell = z.infer<typeof cell>;
