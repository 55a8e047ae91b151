import * as z from 'zod/mini';
import type { EventName, Properties } from './catalog.js';
import { CATALOG, isEventName } from './catalog.js';
import type { ENVELOPE } from './envelope.js';
import { RESERVED } from './envelope.js';
import { isJSON } from './json.js';
import { countSecrets } from './secrets.js';
import type { ISession } from './session.js';
import { cleanJSON } from './text.js';
import { uuid7 } from './uuid.js';

/** The largest set of custom properties, in UTF-16 code units of JSON. */
const MAX_CUSTOM_LENGTH = 64 * 1024;

const CUSTOM_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The values are looked at by `isJSON`: zod's own `json` takes a page 3.5 KB. */
const customProperties = z.record(
  z.string().check(z.maxLength(200)),
  z.unknown()
);

/** An event as this package speaks of it, before and after delivery. */
export interface IPayload extends Readonly<z.infer<typeof ENVELOPE>> {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An event of the catalogue, to be captured. */
export type CatalogEvent = {
  readonly [E in EventName]: {
    readonly name: E;
    readonly properties: Properties<E>;
    readonly origin?: IOrigin;
    /** When it happened, in milliseconds since 1970, where that was told apart only later. Default: now. */
    readonly at?: number;
    readonly isCustom?: false;
  };
}[EventName];

/**
 * An event that the catalogue does not know, to be captured: the instructor's
 * own, or another extension's. Nothing in it is validated yet.
 */
export interface ICustomEvent {
  readonly name: string;
  readonly properties: unknown;
  readonly origin?: IOrigin;
  readonly isCustom: true;
}

/** An event to be captured. */
export type CapturedEvent = CatalogEvent | ICustomEvent;

/** What an event was given where it happened, when this page is told of it later. */
export interface IOrigin {
  /** A UUID of version 4 or 7; of a run that a kernel reports, of version 5. */
  readonly uuid: unknown;
  /** ISO 8601 in UTC. */
  readonly timestamp: unknown;
  /** Called when the event is malformed, and so is lost. */
  readonly onRefused?: () => void;
}

const UUID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[457][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)$/;

/** How far another clock may be ahead of the page's, in milliseconds. */
const MAX_AHEAD_MS = 60_000;

/** An event that must not go out; the message says why, in words. */
export class InvalidEventError extends Error {}

/**
 * Build an event. This is the only way an outgoing event comes into being.
 *
 * @throws InvalidEventError when the name or the properties are not allowed;
 * no sequence number is used up then, for a gap would read as a loss
 */
export function buildPayload(
  session: ISession,
  event: CapturedEvent
): IPayload {
  const properties = event.isCustom
    ? customPropertiesOf(event)
    : propertiesOf(event);
  const { uuid, timestamp } = event.origin
    ? readOrigin(event.name, event.origin)
    : {
        uuid: uuid7(),
        timestamp: new Date(
          (event.isCustom ? undefined : event.at) ?? Date.now()
        ).toISOString()
      };
  const redacted = countSecrets(properties);
  return Object.freeze({
    uuid,
    event_type: event.name,
    student_id: session.student.id,
    notebook: session.notebook,
    timestamp,
    session_id: session.id,
    seq: session.nextSeq(),
    active_ms: session.activeMs,
    ...(redacted > 0 ? { redacted } : {}),
    properties: freeze(properties)
  });
}

function propertiesOf({
  name,
  properties
}: CatalogEvent): Record<string, unknown> {
  const result = z.safeParse(CATALOG[name].properties, properties);
  if (!result.success) {
    throw new InvalidEventError(`${name}: ${problem(result.error)}`);
  }
  return result.data;
}

function customPropertiesOf({
  name,
  properties
}: ICustomEvent): Record<string, unknown> {
  if (typeof name !== 'string' || !CUSTOM_NAME.test(name)) {
    throw new InvalidEventError(
      `“${String(name).slice(0, 80)}” is no event name: a lower-case letter, then at most 63 letters, digits and underscores`
    );
  }
  if (isEventName(name)) {
    throw new InvalidEventError(`${name} is an event of the catalogue`);
  }
  const result = z.safeParse(customProperties, properties);
  if (!result.success) {
    throw new InvalidEventError(`${name}: ${problem(result.error)}`);
  }
  const wrong = Object.keys(result.data).find(key => !isJSON(result.data[key]));
  if (wrong !== undefined) {
    throw new InvalidEventError(`${name}: ${wrong}: no JSON`);
  }
  if (JSON.stringify(result.data).length > MAX_CUSTOM_LENGTH) {
    throw new InvalidEventError(`${name}: its properties are over 64 KiB`);
  }
  const clean = cleanJSON(result.data);
  for (const key of Object.keys(clean)) {
    if (key.startsWith('$') || RESERVED.includes(key)) {
      throw new InvalidEventError(`${name}: the property ${key} is reserved`);
    }
  }
  return clean;
}

function readOrigin(
  event: string,
  { uuid, timestamp }: IOrigin
): { uuid: string; timestamp: string } {
  if (typeof uuid !== 'string' || !UUID.test(uuid)) {
    throw new InvalidEventError(`${event}: its uuid is none of version 4 or 7`);
  }
  // Those of runs can be told beforehand: another event would keep the run out.
  if (uuid[14] === '5' && event !== 'cell_executed') {
    throw new InvalidEventError(`${event}: its uuid is that of a run`);
  }
  const time =
    typeof timestamp === 'string' && UTC.test(timestamp)
      ? Date.parse(timestamp)
      : NaN;
  if (Number.isNaN(time)) {
    throw new InvalidEventError(`${event}: its timestamp is no time in UTC`);
  }
  if (time > Date.now() + MAX_AHEAD_MS) {
    throw new InvalidEventError(
      `${event}: its timestamp is in the future; the clock of the kernel and that of this computer differ`
    );
  }
  return { uuid, timestamp: new Date(time).toISOString() };
}

/** All the way down: many hold the event while it waits. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

function problem(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  const where = issue.path.join('.') || 'properties';
  const what =
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.join(', ')}`
      : issue.code;
  return `${where}: ${what}`;
}
