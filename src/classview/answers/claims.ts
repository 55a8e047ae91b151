import * as z from 'zod/mini';
import { count, ms } from './common';

/** Names that came from several computers, and computers that sent several names. */
export const claims = z.object({
  rows: z.array(
    z.object({
      claim: z.enum(['one_name', 'one_sender']),
      students: z.array(z.string()),
      senders: count,
      /** Whether one began before another had ended. */
      is_at_once: z.boolean(),
      first_ms: ms,
      last_ms: ms
    })
  ),
  students: count,
  senders: count
});

export type Claim = z.infer<typeof claims>['rows'][number];
