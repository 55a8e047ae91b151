import * as z from 'zod/mini';
import { count, maybeMs } from './common';

const state = z.enum(['complete', 'open', 'silent', 'incomplete']);

/** What arrived of what was sent, session by session, and for the class in a line. */
export const audit = z.object({
  line: z.string(),
  counts: z.object({
    complete: count,
    open: count,
    silent: count,
    incomplete: count
  }),
  sessions: z.array(
    z.object({
      student: z.string(),
      /** The name under which the session came, if an instructor has said whose it is. */
      claimed: z.string(),
      notebook: z.string(),
      session: z.string(),
      state,
      expected: count,
      got: count,
      /** Dropped by the browser, which said so. */
      explained: count,
      missing: count,
      /** Never numbered: a cell that printed without end. */
      suppressed: count,
      invalid: count,
      first_ms: maybeMs,
      last_ms: maybeMs,
      late_p95_ms: maybeMs
    })
  )
});

export type Audit = z.infer<typeof audit>;
export type AuditSession = Audit['sessions'][number];
