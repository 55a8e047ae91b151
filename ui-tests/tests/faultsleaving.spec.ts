import type { Page } from '@playwright/test';
import { expectAccount } from '../support/account';
import { code } from '../support/cells';
import { askForPause, endPause, paused } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import type { PostHogHost } from '../support/posthoghost';
import { capture } from '../support/telemetry';

/** What a browser lets leave with a page. */
const ALLOWANCE = 64 * 1024;
/** Longer than any test. */
const NEVER_MS = 3_600_000;

test.describe.configure({ mode: 'parallel' });

for (const { what, id, hinder, meanwhile } of [
  {
    what: 'has taken none of it',
    id: 'leftwaiting',
    hinder: askForPause,
    meanwhile: async (host: PostHogHost, { page }: Lesson) => {
      await paused(page);
      endPause(host);
    }
  },
  {
    what: 'is slow to answer',
    id: 'leftslow',
    hinder: (host: PostHogHost) => {
      host.latency = NEVER_MS;
    },
    // What is under way goes down with the page.
    meanwhile: (host: PostHogHost) =>
      expect.poll(() => host.requests.length).toBe(2)
  }
]) {
  test(`a page is left with more than a browser lets leave while the host ${what}`, async ({
    captured,
    context,
    page,
    posthog,
    server
  }) => {
    const lesson = await Lesson.begin(page, server, id, [code('1')]);
    await expect.poll(() => posthog.stored.length).toBe(1);
    hinder(posthog);
    await capture(page, 400);
    await meanwhile(posthog, lesson);
    const before = posthog.requests.length;
    await page.close();

    // What fits goes at once: the newest without a gap, the end of the session with it.
    await expect.poll(() => posthog.requests.length).toBe(before + 1);
    const { body, text, query } = posthog.requests[before];
    const left = (body?.batch ?? []).map(({ properties }) => properties.seq);
    expect(left).toEqual(left.map((_, index) => 402 - left.length + index + 1));
    expect(body?.batch?.at(-1)?.event).toBe('session_ended');
    expect([...query.keys()]).toEqual([]);
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThan(ALLOWANCE);
    expect(bytes).toBeGreaterThan(ALLOWANCE * 0.9);
    expect(left.length).toBeLessThan(200);
    expect(posthog.stored.length).toBeLessThan(402);

    posthog.latency = 0;
    const next = await context.newPage();
    await NotebookPage.open(next, server, lesson.path, { kernel: false });
    await captured.reach(2, 'session_started');
    await expectAccount(next, captured, posthog, 403);
  });
}

test('a page is left while its disk is busy and the host takes nothing', async ({
  captured,
  context,
  page,
  posthog,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'leftbusy', [code('1')]);
  await expect.poll(() => posthog.stored.length).toBe(1);
  askForPause(posthog);
  await capture(page, 1);
  await paused(page);
  await occupyDisk(page);
  await capture(page, 20);
  // What is written goes down with the page, and so does the request.
  await page.close();
  await expect
    .poll(() => posthog.requests.at(-1)?.body?.batch?.at(-1)?.event)
    .toBe('session_ended');
  expect(posthog.stored).toHaveLength(1);

  endPause(posthog);
  const next = await context.newPage();
  await NotebookPage.open(next, server, lesson.path, { kernel: false });
  await captured.reach(2, 'session_started');
  await expectAccount(next, captured, posthog, 24);
});

/** Writes to the disk wait behind a transaction that does not end, while the page lives. */
function occupyDisk(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) =>
      name?.startsWith('ipynb-telemetry:')
    )!;
    await new Promise<void>(resolve => {
      const opening = indexedDB.open(name!);
      opening.onsuccess = () => {
        const store = opening.result
          .transaction('events', 'readwrite')
          .objectStore('events');
        const again = (): void => {
          store.count().onsuccess = again;
          resolve();
        };
        again();
      };
    });
  });
}
