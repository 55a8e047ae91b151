import type { Page } from '@playwright/test';
import { expectAccount } from '../support/account';
import { code, flagged } from '../support/cells';
import { crash, leaderOf } from '../support/browser';
import { askForPause, endPause, paused } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { countStored, holdWritesOpen } from '../support/outbox';
import type { PostHogHost } from '../support/posthoghost';
import { capture, health } from '../support/telemetry';

/** Another tab is to take over in so long. */
const TAKEOVER_MS = 10_000;
/** Longer than any test. */
const NEVER_MS = 3_600_000;

test.describe.configure({ mode: 'parallel' });

/** Every time an event was sent, by its uuid. */
function sent({ requests }: PostHogHost): string[] {
  return requests.flatMap(({ body }) =>
    (body?.batch ?? []).map(({ uuid }) => uuid)
  );
}

/** Wait until a page has heard of so many deliveries. */
async function delivered(page: Page, count: number): Promise<void> {
  await expect.poll(() => health(page)).toMatchObject({ delivered: count });
}

for (const { what, id, isRefusing } of [
  { what: 'nothing waits', id: 'threetabs', isRefusing: false },
  { what: 'the events of all wait', id: 'waitingtabs', isRefusing: true }
]) {
  test(`of three tabs the one that sends crashes while ${what}`, async ({
    captured,
    context,
    page,
    posthog,
    server
  }) => {
    const cells = [code('"run"')];
    const lesson = await Lesson.begin(page, server, id, cells);
    await server.write(`${id}-other.ipynb`, flagged(cells));
    // Two with the same notebook, one with its own.
    const pages = [page];
    for (const path of [lesson.path, `${id}-other.ipynb`]) {
      // The student's consent is one more.
      await delivered(page, pages.length + 1);
      const tab = await context.newPage();
      await NotebookPage.open(tab, server, path);
      pages.push(tab);
    }
    const all = (work: (tab: Page) => Promise<void>): Promise<void[]> =>
      Promise.all(pages.map(work));
    await all(tab => capture(tab, 100));
    // Each began when the sessions of those before it had been told of.
    const missed = [0, 1, 2];
    await expectAccount(pages, captured, posthog, 303, missed);
    if (isRefusing) {
      await posthog.refuse();
      await all(tab => capture(tab, 100));
      // What has come to the disk is promised, and no more.
      await expect.poll(() => countStored(page)).toBe(300);
    }

    const leader = await leaderOf(pages);
    await crash(leader);
    missed.splice(pages.indexOf(leader), 1);
    pages.splice(pages.indexOf(leader), 1);
    await expect
      .poll(() => leaderOf(pages).catch(() => null), { timeout: TAKEOVER_MS })
      .toBeTruthy();
    expect(pages).toHaveLength(2);
    await all(tab => capture(tab, 100));
    if (isRefusing) {
      await posthog.accept();
    }

    await expectAccount(
      pages,
      captured,
      posthog,
      isRefusing ? 803 : 503,
      missed
    );
    expect(new Set(sent(posthog)).size).toBe(sent(posthog).length);
  });
}

for (const { how, id, N, isPausing, lose } of [
  {
    how: 'is closed while the host pauses',
    id: 'closedpausing',
    N: 104,
    isPausing: true,
    lose: (leader: Page) => leader.close()
  },
  {
    how: 'is closed with a batch under way',
    id: 'closedbatch',
    N: 104,
    isPausing: false,
    lose: (leader: Page) => leader.close()
  },
  {
    how: 'crashes with a batch under way',
    id: 'crashedbatch',
    N: 103,
    isPausing: false,
    lose: crash
  }
]) {
  test(`of two tabs the one that sends ${how}`, async ({
    captured,
    context,
    page,
    posthog,
    server
  }) => {
    const cells = [code('"run"')];
    await Lesson.begin(page, server, id, cells);
    await server.write(`${id}-other.ipynb`, flagged(cells));
    await delivered(page, 2);
    const other = await context.newPage();
    await NotebookPage.open(other, server, `${id}-other.ipynb`);
    await delivered(other, 1);
    expect(await leaderOf([page, other])).toBe(page);

    if (isPausing) {
      askForPause(posthog);
    } else {
      posthog.latency = NEVER_MS;
    }
    const before = posthog.requests.length;
    await capture(page, 100);
    await expect.poll(() => countStored(other)).toBe(100);
    await expect.poll(() => posthog.requests.length).toBe(before + 1);
    const due = isPausing ? await paused(page) : Infinity;
    endPause(posthog);
    posthog.latency = 0;
    await lose(page);
    await expect
      .poll(() => leaderOf([other]).catch(() => null), {
        timeout: TAKEOVER_MS
      })
      .toBeTruthy();
    await capture(other, 1);

    await expectAccount(other, captured, posthog, N, [1]);
    expect(Date.now()).toBeLessThan(due);
    // What the lost tab sent, nobody knew of: it was sent again.
    expect(posthog.events.length).toBeGreaterThan(posthog.stored.length);
  });
}

test('of two tabs the one that sends is closed before its disk and the host have taken its last events', async ({
  captured,
  context,
  page,
  posthog,
  server
}) => {
  const id = 'closedunwritten';
  const cells = [code('"run"')];
  await Lesson.begin(page, server, id, cells);
  await server.write(`${id}-other.ipynb`, flagged(cells));
  await delivered(page, 2);
  const other = await context.newPage();
  await NotebookPage.open(other, server, `${id}-other.ipynb`);
  await delivered(other, 1);
  expect(await leaderOf([page, other])).toBe(page);

  await holdWritesOpen(page);
  posthog.status = 503;
  await capture(page, 10);
  const before = posthog.requests.length;
  await page.close();
  await expect.poll(() => posthog.requests.length).toBeGreaterThan(before);
  posthog.status = 200;

  await expectAccount(other, captured, posthog, 13, [1]);
});
