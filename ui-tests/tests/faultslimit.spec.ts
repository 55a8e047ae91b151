import type { Page } from '@playwright/test';
import { Captured } from '../support/captured';
import { code } from '../support/cells';
import { askForPause, endPause, paused } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { newestStored } from '../support/outbox';
import { exposeTelemetry, health } from '../support/telemetry';

/** The limit, in bytes; it is the one of a student's page. */
const LIMIT = 200_000_000;
/** As much text as an event may have, so that the limit is reached with few. */
const LENGTH = 65_000;
const ENOUGH = Math.ceil(LIMIT / LENGTH) + 40;
/** As many as a busy disk takes at once. */
const AT_ONCE = 300;

test('more waits than is kept: the oldest go, and it is told which', async ({
  posthog,
  server,
  startBrowser
}) => {
  // With a profile on disk, where 200 MB have room.
  const context = await startBrowser();
  const captured = new Captured();
  await captured.follow(context);
  const [page] = context.pages();
  const lesson = await Lesson.begin(page, server, 'limit', [code('1')]);
  await expect
    .poll(() => health(page))
    .toMatchObject({ waiting: 0, delivered: 2 });
  askForPause(posthog);
  await captureLarge(page, 1);
  await paused(page);
  await lesson.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  const send = panel.getByRole('button', { name: 'Send now' });

  // Twice: what the first loss said must stay true with the second.
  for (const [index, count] of [ENOUGH, 80].entries()) {
    await captureLarge(page, count);
    await send.click();
    await captured.reach(index + 1, 'events_dropped');
  }
  expect(await health(page)).toMatchObject({ isDurable: true });
  expect(posthog.stored).toHaveLength(1);
  endPause(posthog);
  await send.click();
  await expect
    .poll(() => health(page), { timeout: 240_000 })
    .toMatchObject({ waiting: 0, setAside: 0, problem: null });

  const isLoss = (type: string): boolean => type === 'events_dropped';
  const losses = posthog.stored
    .filter(({ event }) => isLoss(event))
    .map(({ properties }) => properties as unknown as ILoss);
  expect(losses.length).toBeGreaterThanOrEqual(2);
  const told = losses.flatMap(({ first_seq, last_seq }) =>
    Array.from(
      { length: last_seq - first_seq + 1 },
      (_, index) => first_seq + index
    )
  );
  const arrived = posthog.stored
    .filter(({ event }) => !isLoss(event))
    .map(({ properties }) => properties.seq as number);
  // What arrived and what is told as given up is all there was, each once.
  const byNumber = (a: number, b: number): number => a - b;
  const made = captured.events
    .filter(({ event_type }) => !isLoss(event_type))
    .map(({ seq }) => seq);
  expect(made).toHaveLength(1 + 1 + ENOUGH + 80);
  expect([...arrived, ...told].sort(byNumber)).toEqual(made.sort(byNumber));
  // The oldest of those that waited, and no more than had to go.
  const given = told.length;
  expect(told.sort(byNumber)).toEqual(told.map((_, index) => index + 2));
  expect(losses.map(({ reason }) => reason)).toEqual(
    losses.map(() => 'storage')
  );
  expect(losses.reduce((sum, { count }) => sum + count, 0)).toBe(given);
  expect((arrived.length - 1) * LENGTH).toBeGreaterThan(LIMIT * 0.98);
  const { dropped: counted } = (await health(page))!;
  expect(counted).toBe(given);
  await expect(panel).toContainText(`Given up${given}`);
  test.info().annotations.push({
    type: 'account',
    description: JSON.stringify({
      produced: made.length,
      arrived: arrived.length,
      given,
      losses: losses.length
    })
  });
});

/** What an event says of events that were given up. */
interface ILoss {
  count: number;
  reason: string;
  first_seq: number;
  last_seq: number;
}

/** Capture large events, and see them on disk. */
async function captureLarge(page: Page, count: number): Promise<void> {
  await exposeTelemetry(page);
  for (let rest = count; rest > 0; rest -= AT_ONCE) {
    const total = Math.min(rest, AT_ONCE);
    const uuids = await page.evaluate(
      ([total, length]) => {
        const panel = window.jupyterapp.shell.currentWidget;
        const text = 'x'.repeat(length);
        const made: string[] = [];
        const note = (_: unknown, { uuid }: { uuid: string }): void => {
          made.push(uuid);
        };
        window.telemetry.captured.connect(note);
        for (let nth = 1; nth <= total; nth++) {
          window.telemetry.capture(panel, 'large', { text });
        }
        window.telemetry.captured.disconnect(note);
        return made;
      },
      [total, LENGTH] as const
    );
    expect(uuids).toHaveLength(total);
    const newest = uuids.at(-1)!;
    await expect
      .poll(async () => (await newestStored(page)) >= newest)
      .toBe(true);
  }
}
