import * as z from 'zod/mini';
import { ms } from './common';

/** The latest work of everybody at an exercise, grouped by equal outcome, the largest group first. */
export const cell = z.object({
  groups: z.array(
    z.object({
      what: z.enum(['output', 'error', 'nothing']),
      text: z.string(),
      students: z.array(
        z.object({
          student: z.string(),
          code: z.nullable(z.string()),
          output: z.nullable(z.string()),
          /** How many secrets were taken out of the event; servers of older versions do not tell. */
          redacted: z.optional(z.int()),
          at_ms: ms,
          uuid: z.string()
        })
      )
    })
  )
});

export type Cell = z.infer<typeof cell>;
