import * as z from 'zod/mini';
import { count, maybeMs } from './common';

/** What there is to ask about: notebooks, groups, and who is in the class. */
export const overview = z.object({
  notebooks: z.array(
    z.object({
      notebook: z.string(),
      /** `saved` by an instructor, `derived` from events, or none yet. */
      outline: z.enum(['saved', 'derived', 'none']),
      students: count,
      exercises: count,
      last_ms: maybeMs
    })
  ),
  groups: z.array(z.string()),
  /** In the order of the roster, then by id. */
  students: z.array(
    z.object({
      student: z.string(),
      name: z.string(),
      group: z.string(),
      is_staff: z.boolean(),
      is_expected: z.boolean()
    })
  ),
  /**
   * Who has begun a pause and done nothing since; `until_ms` is when it ends by
   * itself, null: when the student says so. An end may have passed.
   */
  pauses: z.array(z.object({ student: z.string(), until_ms: maybeMs })),
  has_roster: z.boolean(),
  has_simulated: z.boolean(),
  events: count,
  /** When the first of them came. */
  first_ms: maybeMs,
  /** After how many days an event goes; 0: it stays. */
  retention_days: count,
  /** The origin of the PostHog whose pages tell what was sent; '' for none. */
  posthog: z.string(),
  /** The host of the class collector that events go to; '' for none. */
  class_collector: z.string(),
  /** The settings of the server that words here name. */
  thresholds: z.object({
    recent_minutes: z.number(),
    discriminating: z.number()
  })
});

export type Overview = z.infer<typeof overview>;
