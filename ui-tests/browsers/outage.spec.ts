import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { code } from '../support/cells';
import { deliverTo } from '../support/fault';
import { expectBalance } from './support/balance';
import { DrivenLesson } from './support/drivenlesson';
import { expect, test } from './support/fixtures';
import { capturedIn } from './support/listener';

const CELLS = 100;

test('PostHog is away for a Run All and a reload: Export has everything, and so has PostHog when it is back', async ({
  downloads,
  kind,
  posthog,
  program,
  server
}) => {
  await deliverTo(posthog, server);
  const id = `outage-${kind}`;
  const lesson = await DrivenLesson.write(
    program,
    server,
    id,
    Array.from({ length: CELLS }, (_, nth) => code(String(nth)))
  );
  await lesson.enterName('Ann', 'Lee');
  await expect.poll(() => posthog.stored.length).toBe(1);
  await posthog.refuse();
  await lesson.menu('Run', 'Run All Cells');
  await expect
    .poll(async () => (await capturedIn(lesson.tab)).length)
    .toBe(CELLS + 1);
  await lesson.leaveBy(tab => tab.reload());
  await lesson.idle();
  // The session that ended, and the next one that began.
  await expect
    .poll(() => lesson.health())
    .toMatchObject({ waiting: CELLS + 2 });

  await lesson.click('.jp-ipynb-telemetry-StatusItem button');
  await lesson.click('.jp-ipynb-telemetry-Activity button', 'Export');
  const file = async (): Promise<string> => {
    const names = await readdir(downloads);
    const name = names.find(each => each.endsWith('.json'));
    return name ? readFile(join(downloads, name), 'utf8') : '';
  };
  const arrived = posthog.stored.map(({ uuid }) => uuid);
  const kept = (await capturedIn(lesson.tab))
    .map(({ uuid }) => uuid)
    .filter(uuid => !arrived.includes(uuid));
  expect(kept).toHaveLength(CELLS + 2);
  await expect
    .poll(async () => {
      const text = await file();
      return kept.filter(uuid => !text.includes(uuid));
    })
    .toEqual([]);

  await posthog.accept();
  await lesson.click('.jp-ipynb-telemetry-Activity button', 'Send now');
  await expect.poll(() => posthog.stored.length).toBe(CELLS + 3);
  await expectBalance(lesson, () => posthog.stored, CELLS + 3);
});
