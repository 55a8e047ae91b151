import { cut } from '../../events/boundedtext.js';
import type { IRow } from '../wire.js';
import { byteLength, fromRow, toRow } from '../wire.js';

/** The largest event PostHog's own clients send, in bytes. */
export const MAX_EVENT_BYTES = 900 * 1024;

/** Texts are not cut to less than this, in UTF-16 code units. */
const SHORTEST = 16;

/** A text, and what puts a shorter one in its place. */
type Texts = Array<{
  readonly text: string;
  readonly set: (text: string) => void;
}>;

/**
 * Cut the longest texts of an event to one length at which it fits, and mark it
 * `truncated`. Who, what and when stay as they are.
 *
 * @param row - the event
 * @param maxBytes - its greatest length on the wire
 * @returns the shorter event, under the same uuid, or null when there is
 * nothing left to cut
 */
export function shrink(row: IRow, maxBytes: number): IRow | null {
  const event = fromRow(row);
  const properties: Record<string, unknown> = {
    ...event.properties,
    truncated: true
  };
  const texts: Texts = [];
  gather(properties, texts);
  const cutTo = (length: number): IRow | null => {
    texts.forEach(({ text, set }) =>
      set(text.length > length ? cut(text, length).text : text)
    );
    const shorter = toRow({ ...event, properties });
    return byteLength(shorter.json) <= maxBytes ? shorter : null;
  };
  // No longer than what may be there in all, and no longer than the longest.
  let tooLong =
    1 +
    Math.min(
      maxBytes,
      texts.reduce((most, { text }) => Math.max(most, text.length), SHORTEST)
    );
  let fits = SHORTEST;
  let best = cutTo(fits);
  // Serialised a few times, however many texts there are.
  while (best && tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    const shorter = cutTo(length);
    if (shorter) {
      best = shorter;
      fits = length;
    } else {
      tooLong = length;
    }
  }
  return best;
}

/** Every text of the event's own properties, however deep. */
function gather(holder: Record<string, unknown>, texts: Texts): void {
  for (const [name, value] of Object.entries(holder)) {
    if (typeof value === 'string' && !ENVELOPE.has(name)) {
      texts.push({
        text: value,
        set: text => {
          holder[name] = text;
        }
      });
    } else if (typeof value === 'object' && value !== null) {
      gather(value as Record<string, unknown>, texts);
    }
  }
}

/** The properties that say whose the event is and where it belongs. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'student_id',
  'notebook',
  'session_id',
  'seq'
]);
