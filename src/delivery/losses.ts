import type { Properties } from '../events/catalog';
import type { ISession } from '../events/session';
import type { IWireEvent } from './wire.js';

/** What of one session was given up. */
export interface ILoss {
  readonly session: ISession;
  readonly properties: Properties<'events_dropped'>;
}

/**
 * Say of events that were given up how many they were and which, session by
 * session. What an earlier loss said is said again with it, for it was among
 * the oldest.
 *
 * The event of a loss has the number of the last event lost: it fills the gap.
 */
export function tally(events: ReadonlyArray<IWireEvent>): ILoss[] {
  const bySession = new Map<unknown, IWireEvent[]>();
  for (const event of events) {
    const { session_id } = event.properties;
    bySession.set(session_id, [...(bySession.get(session_id) ?? []), event]);
  }
  return [...bySession.values()].map(lost => {
    const [{ distinct_id, properties }] = lost;
    const losses = lost.map(lossOf);
    const last = Math.max(...losses.map(({ last_seq }) => last_seq));
    return {
      session: {
        id: String(properties.session_id),
        notebook: String(properties.notebook),
        student: { id: distinct_id },
        nextSeq: () => last
      },
      properties: {
        count: losses.reduce((sum, { count }) => sum + count, 0),
        reason: 'storage',
        first_seq: Math.min(...losses.map(({ first_seq }) => first_seq)),
        last_seq: last
      }
    };
  });
}

/** What is lost with an event: itself, or all that it told of. */
function lossOf({ event, properties }: IWireEvent): {
  count: number;
  first_seq: number;
  last_seq: number;
} {
  const { seq, count, reason, first_seq } = properties as Record<
    string,
    unknown
  > & { seq: number };
  return event === 'events_dropped' && reason === 'storage'
    ? {
        count: Number(count),
        first_seq: Number(first_seq),
        last_seq: seq
      }
    : { count: 1, first_seq: seq, last_seq: seq };
}
