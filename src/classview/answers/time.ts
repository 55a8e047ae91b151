import * as z from 'zod/mini';
import { exerciseRef, ms, quartiles } from './common';

/** Where active time went, with the caps that it was counted with. */
export const time = z.object({
  idle_cap_ms: ms,
  pause_cap_ms: ms,
  exercises: z.array(exerciseRef),
  students: z.array(
    z.object({
      student: z.string(),
      active_ms: ms,
      /** Whether pauses between events had to do, for want of a running total. */
      is_estimated: z.boolean(),
      exercises: z.array(ms),
      elsewhere_ms: ms
    })
  ),
  active: quartiles,
  by_exercise: z.array(quartiles)
});

export type Time = z.infer<typeof time>;
