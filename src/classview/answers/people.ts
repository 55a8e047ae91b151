import * as z from 'zod/mini';
import { count, maybeMs, ms } from './common';

/** What was said of who is whom, the latest first; what was taken back, too. */
export const people = z.object({
  rows: z.array(
    z.object({
      change: count,
      at_ms: ms,
      said_by: z.string(),
      /** The name under which the events came. */
      student: z.string(),
      /** How many sessions are meant; 0: all. */
      sessions: count,
      person: z.string(),
      undone_ms: maybeMs,
      undone_by: z.nullable(z.string())
    })
  )
});

export type PeopleRow = z.infer<typeof people>['rows'][number];
