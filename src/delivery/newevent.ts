import { uuid7 } from '../events/uuid.js';
import { VERSION } from '../events/version.js';
import type { IWireEvent } from './wire.js';

/** An event to be sent; what is left out is made up. */
export type NewEvent = Pick<IWireEvent, 'event' | 'distinct_id'> &
  Partial<Pick<IWireEvent, 'uuid' | 'properties'>> & {
    /**
     * When it happened, with any offset from UTC; without an offset it is local
     * time. Default, also for a text that is no time: the moment of capture.
     */
    readonly timestamp?: string | Date;
  };

/** The library that made an event, as PostHog knows it by `$lib` and `$lib_version`. */
export interface ILibrary {
  readonly name: string;
  readonly version: string;
}

/** This library. */
export const LIBRARY: ILibrary = { name: 'ipynb-telemetry', version: VERSION };

/**
 * Make up what an event needs and does not have.
 *
 * @param event - by the program that uses the library
 * @param library - named in events that name none; null: in no event
 * @param now - in milliseconds since 1970
 */
export function complete(
  event: NewEvent,
  library: ILibrary | null,
  now: number
): IWireEvent {
  // A program in JavaScript may say null where a value is left out.
  const properties = event.properties ?? {};
  const isNamed = library === null || '$lib' in properties;
  return {
    ...event,
    uuid: event.uuid ?? uuid7(),
    timestamp: toUTC(event.timestamp ?? undefined, now),
    properties: isNamed
      ? properties
      : { $lib: library.name, $lib_version: library.version, ...properties }
  };
}

/** @returns ISO 8601 in UTC with milliseconds */
function toUTC(timestamp: string | Date | undefined, now: number): string {
  if (timestamp !== undefined) {
    const time = new Date(timestamp);
    // Years of more than four digits are no ISO 8601 to most readers.
    if (time.getTime() >= FIRST_TIME && time.getTime() <= LAST_TIME) {
      return time.toISOString();
    }
    console.warn(
      `ipynb-telemetry: a timestamp is no time, and the moment of capture stands for it: ${String(timestamp)}`
    );
  }
  return new Date(now).toISOString();
}

const FIRST_TIME = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');
