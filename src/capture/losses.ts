import type { IWireEvent } from '../delivery/wire';
import type { Properties } from '../events/catalog';
import type { ISession } from '../events/session';

/** Events of one session that were given up. */
export interface ILoss {
  readonly session: ISession;
  readonly properties: Properties<'events_dropped'>;
}

/** The most losses told of one session at once: an event that tells of a loss waits, too. */
const MAX_LOSSES = 10;

/** Numbers of a session without a gap, and how many events are lost of them. */
interface IRun {
  count: number;
  readonly first_seq: number;
  last_seq: number;
  /** Of the last event, unless an older version has captured that one. */
  active_ms?: number;
}

/**
 * Say of events that were given up how many they were and which, session by
 * session and run by run: the oldest by their uuid need not follow one another
 * in their session. Only the last of many runs has gaps. An event that told of
 * an earlier loss is among the oldest: its loss is said again.
 *
 * The event of a loss has the number of the last event lost, and its time worked: it
 * fills the gap.
 */
export function tally(events: ReadonlyArray<IWireEvent>): ILoss[] {
  const bySession = new Map<unknown, IWireEvent[]>();
  for (const event of events) {
    // Somebody else may have written it.
    const { session_id } = (event.properties ?? {}) as Record<string, unknown>;
    if (typeof session_id !== 'string') {
      continue;
    }
    const lost = bySession.get(session_id) ?? [];
    lost.push(event);
    bySession.set(session_id, lost);
  }
  return [...bySession.values()].flatMap(lost => {
    const [{ distinct_id, properties }] = lost;
    return runsOf(lost).map(({ active_ms, ...run }) => ({
      session: {
        id: String(properties.session_id),
        notebook: String(properties.notebook),
        student: { id: distinct_id },
        activeMs: active_ms,
        nextSeq: () => run.last_seq
      },
      properties: { ...run, reason: 'storage' as const }
    }));
  });
}

function runsOf(lost: ReadonlyArray<IWireEvent>): IRun[] {
  const runs: IRun[] = [];
  const losses = lost.map(lossOf).sort((a, b) => a.first_seq - b.first_seq);
  for (const loss of losses) {
    const run = runs[runs.length - 1];
    if (
      run &&
      (loss.first_seq <= run.last_seq + 1 || runs.length === MAX_LOSSES)
    ) {
      run.count += loss.count;
      if (loss.last_seq > run.last_seq) {
        run.last_seq = loss.last_seq;
        run.active_ms = loss.active_ms;
      }
    } else {
      runs.push(loss);
    }
  }
  return runs;
}

/** The loss of an event: the event itself, or all those that it told of. */
function lossOf({ event, properties }: IWireEvent): IRun {
  const { seq, count, reason, first_seq, active_ms } = properties as Record<
    string,
    unknown
  > & { seq: number; active_ms?: number };
  return event === 'events_dropped' && reason === 'storage'
    ? {
        count: Number(count),
        first_seq: Number(first_seq),
        last_seq: seq,
        active_ms
      }
    : { count: 1, first_seq: seq, last_seq: seq, active_ms };
}
