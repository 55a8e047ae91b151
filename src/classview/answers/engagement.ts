import * as z from 'zod/mini';
import { count, ms, quartiles, share } from './common';

/** Presence per five minutes, and time away. No score. */
export const engagement = z.object({
  slots: z.array(z.object({ at_ms: ms, present: count })),
  students: z.array(
    z.object({
      student: z.string(),
      span_ms: ms,
      away_ms: ms,
      away_share: z.nullable(share),
      leaves: z.object({ page_hidden: count, window: count, tab: count }),
      /** The slots, by their moments, in which the student was there. */
      present: z.array(ms)
    })
  ),
  away_share: quartiles
});

export type Engagement = z.infer<typeof engagement>;
