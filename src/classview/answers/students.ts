import * as z from 'zod/mini';
import { count, maybeMs, ms, share } from './common';

/** A student with what can be sorted by. */
export const studentsRow = z.object({
  student: z.string(),
  notebooks: z.array(z.string()),
  solved: count,
  of: count,
  runs: count,
  errors: count,
  fails: count,
  peeks: count,
  pastes: count,
  active_ms: ms,
  away_share: z.nullable(share),
  /** Error Quotient (Jadud 2006). */
  eq: z.nullable(z.number()),
  /** Repeated Error Density (Becker 2016). */
  red: z.nullable(z.number()),
  last_ms: maybeMs
});

/** Everybody. */
export const students = z.object({ rows: z.array(studentsRow) });

export type Students = z.infer<typeof students>;
export type StudentsRow = Students['rows'][number];
