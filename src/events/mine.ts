import * as z from 'zod/mini';

/** An event as a collector gives it back to the person it is of. */
const storedEvent = z.object({
  uuid: z.string(),
  event: z.string(),
  distinct_id: z.string(),
  timestamp: z.string(),
  properties: z.record(z.string(), z.unknown())
});

/** An event as a collector gives it back. */
export type StoredEvent = z.infer<typeof storedEvent>;

const count = z.number().check(z.int(), z.gte(0));

/** A page of events, newest first; `next` is where the next one goes on. */
const eventPage = z.object({
  events: z.array(storedEvent),
  next: z.nullable(z.string())
});

/** Who looked at what is recorded of a person; times in milliseconds since 1970. */
const visits = z.object({
  visits: z.array(
    z.object({
      reader: z.string(),
      what: z.enum(['student', 'cell', 'class']),
      notebook: z.string(),
      first_ms: count,
      last_ms: count
    })
  )
});

/** What a collector did to erase a person. */
const receipt = z.object({
  events: count,
  sessions: count,
  forwarded: count,
  kernel_events: count,
  unreached: count,
  is_scrubbed: z.boolean()
});

/** The answers of a collector's routes `me/`, by their names. */
const ANSWERS = { events: eventPage, access: visits, forget: receipt };

/** An answer of a route of `me/`. */
export type MyAnswer<R extends keyof typeof ANSWERS> = z.infer<
  (typeof ANSWERS)[R]
>;

/** @throws Error when another end answers than a collector of ours */
export function readMyAnswer<R extends keyof typeof ANSWERS>(
  route: R,
  answer: unknown
): MyAnswer<R> {
  return ANSWERS[route].parse(answer) as MyAnswer<R>;
}
