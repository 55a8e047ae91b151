import * as z from 'zod/mini';

const uuid = z.string().check(z.meta({ format: 'uuid' }));
const id = z.string().check(z.minLength(1), z.maxLength(200));

/** What each event has beside its properties, and what other programs may rely on. */
export const ENVELOPE = z.strictObject({
  uuid: uuid,
  event_type: z.string().check(z.minLength(1), z.maxLength(64)),
  student_id: id,
  /** The notebook id of the flag, not a path. */
  notebook: id,
  /** In UTC, the moment of capture whatever the delivery takes. */
  timestamp: z.string().check(z.meta({ format: 'date-time' })),
  session_id: uuid,
  /** 1, 2, 3… within the session. */
  seq: z.number().check(z.int(), z.gte(1)),
  /**
   * The time worked in the session up to the moment at which the event got its `seq`, in
   * milliseconds: never less than that of the event before. Events of older versions
   * have none.
   */
  active_ms: z.optional(z.number().check(z.gte(0))),
  /**
   * True where nobody did it: the events of a class that `jupyter telemetry simulate` has
   * played. No page sets it.
   */
  simulated: z.optional(z.boolean()),
  /** How many secrets were taken out of the texts; none where there was no secret. */
  redacted: z.optional(z.number().check(z.int(), z.gte(1)))
});

/** Names that a custom property would otherwise overwrite on its way to PostHog. */
export const RESERVED: ReadonlyArray<string> = [
  ...Object.keys(ENVELOPE.shape),
  'distinct_id',
  'token'
];
