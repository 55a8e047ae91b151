import * as z from 'zod/mini';
import { count, exerciseRef, ms, quartiles } from './common';

/**
 * Moments, the earliest first. A large class has 18,000: they are looked at by hand since zod, which
 * may compile nothing in a page with a strict policy, takes ten times as long.
 */
const moments = z.custom<ReadonlyArray<number>>(
  given => Array.isArray(given) && given.every(at => typeof at === 'number')
);

/** Where the class is, and how it came there. */
export const frontier = z.object({
  exercises: z.array(z.extend(exerciseRef, { here: count, solved: count })),
  done: count,
  not_started: count,
  /** What the figures are made of. */
  students: z.array(
    z.object({
      student: z.string(),
      /** Whether anything was run or tested. */
      has_tried: z.boolean(),
      /** The exercise that the student is at, as a number of `exercises`; null: none, or all done. */
      exercise: z.nullable(count),
      /** When exercises were solved. */
      solved_ms: moments
    })
  ),
  /** Of solved exercises. */
  place: quartiles,
  over_time: z.array(
    z.object({
      at_ms: ms,
      q1: z.number(),
      median: z.number(),
      q3: z.number(),
      n: count
    })
  )
});

export type Frontier = z.infer<typeof frontier>;
