/** An event as PostHog's batch endpoint takes it. */
export interface IWireEvent {
  /**
   * Waiting events are sent in the order of their uuids: of version 7, or of
   * version 5 where a kernel tells of a run that a page may tell of, too. Kernel
   * sides of older versions gave some of version 4.
   */
  readonly uuid: string;
  readonly event: string;
  readonly distinct_id: string;
  /** The moment of capture, ISO 8601 in UTC, the same on every attempt. */
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * A wire event made text, once: what is stored, counted, joined into a batch
 * and sent is this text, so that an event is never serialised a second time.
 */
export interface IRow {
  readonly uuid: string;
  /** The JSON of the whole event. */
  readonly json: string;
}

export function toRow(event: IWireEvent): IRow {
  let json = JSON.stringify(event);
  // Half a surrogate pair is written as an escape, which PostHog cannot read.
  if (json.includes('\\ud')) {
    json = json.replace(ESCAPE, escape =>
      escape.startsWith('\\ud') ? '\ufffd' : escape
    );
  }
  return { uuid: event.uuid, json };
}

/** @throws SyntaxError when somebody else wrote the row */
export function fromRow(row: IRow): IWireEvent {
  return JSON.parse(row.json) as IWireEvent;
}

/** The events of rows, without those that somebody else wrote and are no JSON. */
export function fromRows(rows: ReadonlyArray<IRow>): IWireEvent[] {
  return rows.flatMap(row => {
    try {
      return [fromRow(row)];
    } catch {
      return [];
    }
  });
}

/**
 * Tell whether a row is an event's. The text of a row becomes part of a request
 * as it is, and whatever runs on this origin can write rows: only a row that this
 * page made itself needs no such look.
 */
export function isEventRow(row: unknown): row is IRow {
  const { uuid, json } = (row ?? {}) as Record<string, unknown>;
  if (typeof uuid !== 'string' || typeof json !== 'string') {
    return false;
  }
  const [event] = fromRows([{ uuid, json }]) as (Partial<IWireEvent> | null)[];
  const { properties } = event ?? {};
  return (
    event?.uuid === uuid &&
    typeof properties === 'object' &&
    properties !== null
  );
}

/** Each escape whole, so that the end of one is not taken for another's beginning. */
const ESCAPE = /\\(?:ud[0-9a-f]{3}|.)/g;

const encoder = new TextEncoder();

/** How many bytes a text takes on the wire, in UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
