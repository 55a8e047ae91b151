import * as z from 'zod/mini';

/** A count of something. */
export const count = z.int().check(z.gte(0));
/** Milliseconds since 1970, or of a duration. */
export const ms = z.number();
/** A duration or a moment that may be unknown. */
export const maybeMs = z.nullable(ms);
/** A share of a whole. */
export const share = z.number().check(z.gte(0), z.lte(1));
const text = z.string();

/** An exercise: its id is unique within the notebook. */
export const exerciseRef = z.object({
  notebook: text,
  exercise: text,
  title: text,
  /** Its first code cell. */
  cell_id: z.nullable(text),
  /** Whether the exercise has a test; without, it is tried and never passed. */
  is_tested: z.boolean()
});

/** Median and quartiles of durations or counts; null where too few were measured. */
export const quartiles = z.nullable(
  z.object({ n: count, q1: z.number(), median: z.number(), q3: z.number() })
);

/** Counts of events per five minutes of the last hour, the oldest first. */
export const spark = z.array(count);

/** What each answer comes in. */
export const envelope = z.object({
  answer: text,
  /** The store's revision that the answer was made of. */
  rev: count,
  at_ms: ms,
  /** Whether the store still builds the rows that answers are made of. */
  is_building: z.boolean(),
  since_ms: maybeMs,
  until_ms: maybeMs,
  result: z.unknown()
});

export type ExerciseRef = z.infer<typeof exerciseRef>;
export type Quartiles = z.infer<typeof quartiles>;
