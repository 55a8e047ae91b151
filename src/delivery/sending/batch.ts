import type { IOutbox } from '../outbox/outbox.js';
import type { IRow } from '../wire.js';
import { byteLength } from '../wire.js';

/** The most events in one request. */
export const MAX_BATCH_COUNT = 200;
/** The most bytes in one request, as PostHog's own clients have it. */
const MAX_BATCH_BYTES = 5 * 1024 * 1024;
/** What is around the events of a batch: the key and the time. */
const FRAME_BYTES = 2_500;
/** So many rows are read from the disk first: large ones must not all be in memory. */
const READ_COUNT = 50;

/**
 * The oldest events that fit one request: at least one, when there is any.
 *
 * @param maxCount - no more than so many
 * @param isLeftOut - whether an event is passed over
 */
export async function nextBatch(
  outbox: IOutbox,
  maxCount: number,
  isLeftOut: (row: IRow) => boolean = () => false
): Promise<IRow[]> {
  const batch: IRow[] = [];
  let room = MAX_BATCH_BYTES - FRAME_BYTES;
  let readable = READ_COUNT;
  let last: string | undefined;
  while (batch.length < maxCount) {
    const limit = Math.min(readable, maxCount - batch.length);
    const rows = await outbox.peek(limit, last);
    for (const row of rows) {
      last = row.uuid;
      if (isLeftOut(row)) {
        continue;
      }
      room -= byteLength(row.json) + 1;
      if (room < 0 && batch.length > 0) {
        return batch;
      }
      batch.push(row);
    }
    if (rows.length < limit) {
      break;
    }
    // If the others are like these, no more is read than there is room for.
    const average = (MAX_BATCH_BYTES - room) / (batch.length || 1);
    readable = Math.max(READ_COUNT, Math.floor(room / average));
  }
  return batch;
}
