import type { IUndelivered } from '../delivery/outbox/outboxes';
import type { IWireEvent } from '../delivery/wire';
import type { MyAnswer, StoredEvent } from '../events/mine';
import { readMyAnswer } from '../events/mine';
import type {
  IMyRecords,
  IReceipt,
  IRecord,
  ITrouble,
  IVisit,
  RecordPlace
} from '../ui/rights';
import type { IPlace } from './places';

/** Events in an answer. */
const PAGE = 200;
/** The most events of a place: more than a page can show. */
const MAX_EVENTS = 20_000;

/** A place that does not answer as it should, in words for the student. */
export class PlaceError extends Error {}

/** A question to a place, with the person's code. */
export type Ask = (
  place: IPlace,
  what: string,
  body?: object
) => Promise<unknown>;

/**
 * Ask a place.
 *
 * @throws PlaceError in the place's words, or the browser's
 */
export async function askPlace(
  place: IPlace,
  code: string,
  what: string,
  body?: object
): Promise<unknown> {
  let response: Response;
  let answer: unknown;
  try {
    response = await place.ask(what, code, body);
    answer = await response.json().catch(() => null);
  } catch (reason) {
    throw new PlaceError(String(reason));
  }
  if (!response.ok) {
    const { message } = (answer ?? {}) as { message?: unknown };
    throw new PlaceError(
      typeof message === 'string' && message !== ''
        ? message
        : String(response.status)
    );
  }
  return answer;
}

/** Read all that is recorded of a person, at places and in this browser. */
export async function readMyRecords(options: {
  readonly student: string;
  readonly places: ReadonlyArray<IPlace>;
  readonly ask: Ask;
  readonly undelivered: () => Promise<IUndelivered>;
  /** The events of this page that were sent away to where nobody can ask. */
  readonly sent: ReadonlyArray<IRecord>;
}): Promise<IMyRecords> {
  const { student, places, ask, undelivered, sent } = options;
  const found = new Map<string, IRecord>();
  const visits: IVisit[] = [];
  const troubles: ITrouble[] = [];
  let hasMore = false;
  const add = (record: IRecord): void => {
    const known = found.get(record.uuid);
    found.set(
      record.uuid,
      known ? { ...known, places: [...known.places, ...record.places] } : record
    );
  };
  // First: what arrives while the places are asked would be missed in both.
  const local = await undelivered();
  for (const place of places) {
    try {
      let next: string | null = '';
      let count = 0;
      while (next !== null && count < MAX_EVENTS) {
        const cursor: string = next && `&cursor=${encodeURIComponent(next)}`;
        const page: MyAnswer<'events'> = readMyAnswer(
          'events',
          await ask(place, `events?limit=${PAGE}${cursor}`)
        );
        page.events.forEach(event => add(recordOf(event, place.kind)));
        ({ next } = page);
        count += page.events.length;
      }
      hasMore ||= next !== null;
      const answer = readMyAnswer('access', await ask(place, 'access'));
      for (const { first_ms, last_ms, ...visit } of answer.visits) {
        visits.push({ ...visit, first: first_ms, last: last_ms });
      }
    } catch (reason) {
      troubles.push({ place: place.kind, reason: wordsOf(reason) });
    }
  }
  // As from the places, the newest first: many have one and the same time.
  for (const event of [
    ...local.waiting,
    ...local.setAside.map(aside => aside.event)
  ].reverse()) {
    if (event.distinct_id === student) {
      add(recordOf(event, 'browser'));
    }
  }
  sent.filter(({ uuid }) => !found.has(uuid)).forEach(add);
  return {
    records: [...found.values()].sort((a, b) =>
      a.timestamp < b.timestamp ? 1 : a.timestamp > b.timestamp ? -1 : 0
    ),
    visits: visits.sort((a, b) => b.last - a.last),
    troubles,
    hasMore
  };
}

/** Have a place erase a person. */
export async function eraseAt(place: IPlace, ask: Ask): Promise<IReceipt> {
  const { kernel_events, is_scrubbed, events, sessions, forwarded, unreached } =
    readMyAnswer('forget', await ask(place, 'forget', {}));
  return {
    place: place.kind,
    events,
    sessions,
    forwarded,
    unreached,
    kernelEvents: kernel_events,
    isScrubbed: is_scrubbed
  };
}

/** Why a place did not do what was asked. */
export function wordsOf(reason: unknown): string {
  return reason instanceof PlaceError
    ? reason.message
    : 'It does not answer as a collector does.';
}

/** An event as the student's page shows it. */
export function recordOf(
  { uuid, event, distinct_id, timestamp, properties }: StoredEvent | IWireEvent,
  place: RecordPlace
): IRecord {
  const { notebook } = properties;
  return {
    uuid,
    event,
    timestamp,
    name: distinct_id,
    notebook: typeof notebook === 'string' ? notebook : '',
    properties,
    places: [place]
  };
}
