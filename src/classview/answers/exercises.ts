import * as z from 'zod/mini';
import { count, exerciseRef, ms, quartiles } from './common';

/** What is known of each exercise, in the order of the outline. */
export const exercises = z.object({
  rows: z.array(
    z.extend(exerciseRef, {
      tried: count,
      passed: count,
      /** Students by the test results that it took them to pass. */
      attempts: z.object({
        one: count,
        two: count,
        more: count,
        unsolved: count
      }),
      /** Active time to pass, of those who did. */
      active: quartiles,
      active_times: z.array(ms),
      /** Whose times these are, one by one. */
      active_students: z.array(z.string()),
      /** Students' first looks at the solution. */
      peeks: z.object({
        before: count,
        after_failure: count,
        after_run: count,
        after_pass: count
      }),
      peeked_before_pass: count,
      difficulty: z.nullable(z.enum(['easy', 'middle', 'hard'])),
      discrimination: z.nullable(z.number()),
      /** Whether fewer than five students tried: then only `tried` says something. */
      is_too_few: z.boolean()
    })
  )
});

export type Exercises = z.infer<typeof exercises>;
export type ExerciseRow = Exercises['rows'][number];
