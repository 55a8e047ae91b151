import { expect, test, type Page } from '@playwright/test';
import type { IStoredEvent } from './collector';
import { expectUnbroken } from './lesson';
import type { PostHogHost } from './posthoghost';
import { health, type ICapturedEvent } from './telemetry';

/** After the longest pause between two attempts, and the attempt itself. */
const ARRIVAL_MS = 130_000;

/** An event at the other end, be it PostHog or the collector. */
export type StoredEvent = Pick<
  IStoredEvent,
  'uuid' | 'timestamp' | 'properties'
>;

/** Where a test's events go: a PostHog, or whatever tells every row it has. */
type OtherEnd =
  | Pick<PostHogHost, 'stored' | 'altered'>
  | (() => StoredEvent[] | Promise<StoredEvent[]>);

/** What became of a test's events. */
export interface IAccount {
  /** How many were captured. */
  produced: number;
  /** How many are at the other end. */
  stored: number;
  /** How many are there a second time. */
  duplicates: number;
  /** How many are nowhere. */
  lost: number;
}

/**
 * Balance what pages captured with what is stored. An event is what has its
 * session and number: the same with another uuid is a duplicate too.
 *
 * @param captured - by the pages' own word
 * @param stored - every row at the other end
 * @param setAside - what the page shows as refused for good
 */
export function account(
  captured: ReadonlyArray<ICapturedEvent>,
  stored: ReadonlyArray<StoredEvent>,
  setAside: ReadonlyArray<ICapturedEvent> = []
): IAccount {
  const known = (events: ReadonlyArray<ICapturedEvent>): Set<string> =>
    new Set(events.map(({ session_id, seq }) => `${session_id} ${seq}`));
  const arrived = known(
    stored.map(({ properties }) => properties as unknown as ICapturedEvent)
  );
  const produced = known(captured);
  const accounted = new Set([...arrived, ...known(setAside)]);
  return {
    produced: produced.size,
    stored: new Set(stored.map(({ uuid }) => uuid)).size,
    duplicates: stored.length - arrived.size,
    lost: [...produced].filter(event => !accounted.has(event)).length
  };
}

/**
 * The end of every fault: each event captured is at the other end, once, and
 * the pages say that nothing waits.
 *
 * @param pages - those that are still open
 * @param end - of a PostHog it is also told whether a repeat was another event
 * @param atLeast - how many events the test is known to have made
 * @param missed - for each page how many events had been delivered before it
 * was there: it has counted all others. Without it, a page that was closed, or
 * reloaded, took its count with it
 */
export async function expectAccount(
  pages: Page | Page[],
  captured: { readonly events: ReadonlyArray<ICapturedEvent> },
  end: OtherEnd,
  atLeast: number,
  missed: ReadonlyArray<number> = []
): Promise<void> {
  const stored = typeof end === 'function' ? end : () => end.stored;
  await expect
    .poll(async () => account(captured.events, await stored()), {
      timeout: ARRIVAL_MS
    })
    .toMatchObject({ lost: 0 });
  for (const page of [pages].flat()) {
    await expect
      // Events may be stored long before an answer says so.
      .poll(() => health(page), { timeout: ARRIVAL_MS })
      .toMatchObject({ waiting: 0, setAside: 0, dropped: 0, problem: null });
  }
  const rows = await stored();
  const result = account(captured.events, rows);
  test.info().annotations.push({
    type: 'account',
    description: JSON.stringify(result)
  });
  const N = result.produced;
  expect(N).toBeGreaterThanOrEqual(atLeast);
  expect(result).toEqual({ produced: N, stored: N, duplicates: 0, lost: 0 });
  expectUnbroken(rows);
  if (typeof end !== 'function') {
    expect(end.altered).toEqual([]);
  }
  for (const [index, before] of missed.entries()) {
    // Before everything else, the first page had delivered the student's consent.
    const consents = before === 0 ? 1 : 0;
    await expect
      .poll(() => health([pages].flat()[index]))
      .toMatchObject({ delivered: N - before + consents });
  }
}
