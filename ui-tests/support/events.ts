import { expect } from '@playwright/test';
import type { IEventFilter, IOtherEnd, IStoredEvent } from './collector';

/**
 * Wait until the other end holds what is asked for.
 *
 * @returns the events then stored, oldest first
 */
export async function waitForEvents(
  server: IOtherEnd,
  enough: (events: IStoredEvent[]) => boolean,
  filter: IEventFilter = {},
  timeout?: number
): Promise<IStoredEvent[]> {
  let events: IStoredEvent[] = [];
  await expect
    .poll(
      async () => {
        events = await server.events(filter);
        return (
          enough(events) ||
          events.map(({ event, properties }) => ({ event, properties }))
        );
      },
      { timeout, message: 'what is stored' }
    )
    .toBe(true);
  return events;
}
