import type { Page } from '@playwright/test';
import { expectAccount } from '../support/account';
import { code } from '../support/cells';
import { dismissErrors, lasting, paced } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { capture, health } from '../support/telemetry';

const HOUR_MS = 3_600_000;

test.describe.configure({ mode: 'parallel' });

test('the browser goes offline for 40 s', async ({
  captured,
  context,
  page,
  posthog,
  server
}) => {
  await dismissErrors(page);
  const lesson = await Lesson.begin(page, server, 'offline', [code('1')]);
  await lesson.run(0);
  await expect.poll(() => posthog.stored.length).toBe(2);

  await context.setOffline(true);
  // Long enough for the pauses to have grown longer than what is allowed below.
  for (let second = 0; second < 40; second++) {
    await capture(page, 1);
    await lasting(1000);
  }
  expect(posthog.stored).toHaveLength(2);
  // A pause that has long to go: by itself the page would try after it.
  let due = 0;
  await expect
    .poll(async () => {
      due = Date.parse((await health(page))?.nextAttempt ?? '');
      return due - Date.now() || 0;
    })
    .toBeGreaterThan(30_000);
  await context.setOffline(false);

  // At once, whatever the pause.
  await expect
    .poll(() => posthog.stored.length, { intervals: [20] })
    .toBeGreaterThanOrEqual(42);
  expect(Date.now()).toBeLessThan(due);
  await expectAccount(page, captured, posthog, 42, [0]);
});

for (const { when, id, isFromStart } of [
  { when: 'from the start', id: 'full', isFromStart: true },
  { when: 'from some moment on', id: 'filled', isFromStart: false }
]) {
  test(`the storage is full ${when}`, async ({
    captured,
    context,
    page,
    posthog,
    server
  }) => {
    const cdp = await context.newCDPSession(page);
    const fill = (): Promise<unknown> =>
      cdp.send('Storage.overrideQuotaForOrigin', {
        origin: server.origin,
        quotaSize: 1
      });
    if (isFromStart) {
      await fill();
    }
    const lesson = await Lesson.begin(page, server, id, paced(20, 200));
    await expect.poll(() => posthog.stored.length).toBe(1);
    if (!isFromStart) {
      expect(await health(page)).toMatchObject({ isDurable: true });
      await fill();
    }

    await posthog.refuse();
    // The browser looks after its quota from time to time only.
    await expect
      .poll(async () => {
        await capture(page, 1);
        return health(page);
      })
      .toMatchObject({ isDurable: false, dropped: 0 });
    await lesson.runAll();
    await captured.reach(20, 'cell_executed');
    await expect(lesson.statusItem).toContainText('memory');
    await posthog.accept();

    await expectAccount(page, captured, posthog, 22, [0]);
  });
}

test('the clock is set back an hour while the host refuses connections', async ({
  captured,
  page,
  posthog,
  server
}) => {
  await lendClock(page);
  const lesson = await Lesson.begin(page, server, 'clock', paced(10, 100));
  await lesson.runAll();
  await captured.reach(10, 'cell_executed');
  await expect.poll(() => posthog.stored.length).toBe(11);

  await posthog.refuse();
  await capture(page, 20, 'before');
  // An attempt fails and the next one is due, by the old time.
  await lasting(10_000);
  await page.evaluate(ms => window.setClockBack(ms), HOUR_MS);
  await capture(page, 20, 'after');
  await posthog.accept();

  await expectAccount(page, captured, posthog, 51, [0]);
  const { stored } = posthog;
  expect(stored.map(({ properties }) => properties.seq)).toEqual(
    stored.map((_, index) => index + 1)
  );
  const [before, after] = ['before', 'after'].map(name =>
    Date.parse(stored.find(({ event }) => event === name)!.timestamp)
  );
  expect(before - after).toBeGreaterThan(HOUR_MS - 60_000);
});

declare global {
  interface Window {
    /** Sets the page's clock back; monotonic clocks go on, as they do. */
    setClockBack(ms: number): void;
  }
}

/** Give the page a clock that can be set. */
async function lendClock(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let behind = 0;
    window.setClockBack = ms => {
      behind = ms;
    };
    const Real = Date;
    const now = (): number => Real.now() - behind;
    window.Date = new Proxy(Real, {
      construct: (target, args: [], made: new () => object) =>
        Reflect.construct(target, args.length ? args : [now()], made) as Date,
      get: (target, name) =>
        name === 'now' ? now : (Reflect.get(target, name) as unknown)
    });
  });
}
