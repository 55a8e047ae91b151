import * as z from 'zod/mini';
import { count, exerciseRef, maybeMs, ms, quartiles } from './common';

/** Looks at solutions, by what had come before them. */
export const peeks = z.object({
  exercises: z.array(
    z.extend(exerciseRef, {
      before: count,
      after_failure: count,
      after_run: count,
      after_pass: count,
      glances: count,
      copied: count,
      open: quartiles
    })
  ),
  peeks: z.array(
    z.object({
      student: z.string(),
      notebook: z.string(),
      exercise: z.nullable(z.string()),
      summary: z.string(),
      when: z.enum(['before', 'after_failure', 'after_run', 'after_pass']),
      open_ms: maybeMs,
      is_glance: z.boolean(),
      is_copied: z.boolean(),
      at_ms: ms
    })
  )
});

export type Peeks = z.infer<typeof peeks>;
