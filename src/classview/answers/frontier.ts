import * as z from 'zod/mini';
import { count, exerciseRef, ms, quartiles } from './common';

/** Where the class is, and how it came there. */
export const frontier = z.object({
  exercises: z.array(z.extend(exerciseRef, { here: count, solved: count })),
  done: count,
  not_started: count,
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
