import * as z from 'zod/mini';
import { count, ms } from './common';

/** Same error, no progress, wheel-spinning, peek before trying, quiet, not arriving. */
export const signal = z.enum(['S1', 'S2', 'S3', 'S4', 'S5', 'S6']);

const nullableText = z.nullable(z.string());

/** Who needs the instructor now, the most urgent first. */
export const needs = z.object({
  rows: z.array(
    z.object({
      student: z.string(),
      notebook: z.string(),
      exercise: nullableText,
      title: nullableText,
      signal,
      /** A sentence. */
      reason: z.string(),
      since_ms: ms,
      last_ms: ms,
      /** Other signals of the same student. */
      also: z.array(signal)
    })
  ),
  seen: z.array(
    z.object({
      student: z.string(),
      notebook: z.string(),
      exercise: nullableText,
      signal,
      by: z.string(),
      at_ms: ms
    })
  ),
  /** Those with an open session. */
  here: count,
  here_students: z.array(z.string()),
  expected: count,
  not_started: count,
  not_started_students: z.array(z.string())
});

export type Needs = z.infer<typeof needs>;
export type NeedsRow = Needs['rows'][number];
