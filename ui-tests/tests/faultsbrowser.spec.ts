import { account, expectAccount } from '../support/account';
import { killBrowser } from '../support/browser';
import { Captured } from '../support/captured';
import { code } from '../support/cells';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { storedUuids } from '../support/outbox';
import type { ICapturedEvent } from '../support/telemetry';

/** Two hundred events in a second, for longer than the browser lives. */
const BURST = code(
  [
    'import time',
    'for nth in range(2000):',
    '    _telemetry_capture("step", {"nth": nth})',
    '    time.sleep(0.005)'
  ].join('\n')
);

test.describe.configure({ mode: 'parallel' });

for (const { host, id, isRefusing } of [
  { host: 'takes events', id: 'killed', isRefusing: false },
  { host: 'refuses connections', id: 'killedwaiting', isRefusing: true }
]) {
  test(`the browser is killed in a burst while the host ${host}`, async ({
    posthog,
    server,
    startBrowser
  }) => {
    const captured = new Captured();
    const first = await startBrowser();
    await captured.follow(first);
    const [page] = first.pages();
    const lesson = await Lesson.begin(page, server, id, [BURST]);
    if (isRefusing) {
      await posthog.refuse();
    }
    await lesson.run(0);
    await captured.reach(300, 'step');
    // What has come to the disk is promised, or has come further already.
    const kept = new Set<string>();
    await expect
      .poll(async () => {
        (await storedUuids(page)).forEach(uuid => kept.add(uuid));
        posthog.stored.forEach(({ uuid }) => kept.add(uuid));
        return kept.size;
      })
      .toBeGreaterThanOrEqual(250);
    await killBrowser(first);
    if (isRefusing) {
      await posthog.accept();
    }

    const again = Date.now();
    const second = await startBrowser();
    await captured.follow(second);
    const [next] = second.pages();
    await NotebookPage.open(next, server, lesson.path, { kernel: false });
    const isOnDisk = ({
      uuid,
      timestamp
    }: Pick<ICapturedEvent, 'uuid' | 'timestamp'>): boolean =>
      kept.has(uuid) || Date.parse(timestamp) > again;
    await expectAccount(
      next,
      {
        get events() {
          // The kill may keep the page from telling of events that it sent.
          const sent = posthog.stored.map(({ properties, ...event }) => ({
            ...(properties as unknown as ICapturedEvent),
            ...event
          }));
          return [...captured.events, ...sent].filter(isOnDisk);
        }
      },
      () => posthog.stored.filter(isOnDisk),
      250
    );
    expect(posthog.altered).toEqual([]);
    // What was on its way to the disk is no part of the promise: how much it was.
    const late = captured.events.filter(event => !isOnDisk(event));
    const { lost } = account(late, posthog.stored);
    test.info().annotations.push({
      type: 'on the way',
      description: `${late.length}, of which ${lost} lost`
    });
  });
}
