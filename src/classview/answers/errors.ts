import * as z from 'zod/mini';
import { count, exerciseRef, ms, spark } from './common';

const text = z.string();

/** Errors folded to causes: still stuck first, then students, then events. */
export const errors = z.object({
  rows: z.array(
    z.object({
      fold: text,
      type: text,
      /** With ‹…› for what varies. */
      message: text,
      /** The innermost frame in a notebook cell. */
      frame: z.nullable(text),
      exercises: z.array(exerciseRef),
      students: z.array(text),
      stuck: z.array(text),
      events: count,
      /** The identifiers that vary, the most frequent first. */
      names: z.array(text),
      first_ms: ms,
      last_ms: ms,
      sample: z.nullable(
        z.object({
          student: text,
          at_ms: ms,
          value: z.nullable(text),
          traceback: z.nullable(text),
          code: z.nullable(text),
          uuid: text
        })
      ),
      spark
    })
  )
});

export type Errors = z.infer<typeof errors>;
export type ErrorRow = Errors['rows'][number];
