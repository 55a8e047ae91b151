// What a run of a cell with 10 KB of code and output costs the main thread until its event is stored.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Browser } from '@playwright/test';
import { code, flagged, plain } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import type { Server } from '../ui-tests/support/server';
import { installDriver, type Step } from './support/driver';
import { explain, median, ratios, record, spread } from './support/figures';
import { Lab } from './support/lab';
import { countStored } from '../ui-tests/support/outbox';
import { profileOurs } from './support/profile';
import { sendTo, serverFor } from './support/servers';
import { keepSharedScope } from './support/sharedscope';
import { tasksDuring } from './support/trace';

const ROUNDS = 15;
const COUNT = 40;
/** Long enough for an event to be stored before the next one comes. */
const PAUSE_MS = 60;
const BURST = 100;
const SHORT = 20;
const LONG = 2_000;

test('capture', async ({ browser, startServer, posthog }) => {
  // Nothing is sent while it is measured: the other end wants to be left alone for an hour.
  posthog.status = 429;
  posthog.headers = {
    'Retry-After': '3600',
    'Access-Control-Expose-Headers': 'Retry-After'
  };
  const server = await startServer(
    await serverFor('ours', sendTo(posthog.origin))
  );
  const lab = await prepare(browser, server, SHORT);
  await expect.poll(() => posthog.requests.length).toBeGreaterThan(0);
  const before = await countStored(lab.page);

  const single = await recordSingle(lab);
  await recordTasks(lab);
  await recordBurst(lab, single);
  const captured = (ROUNDS + 1) * COUNT + ROUNDS * BURST;
  await expect
    .configure({ soft: true })
    .poll(() => countStored(lab.page), 'what is stored')
    .toBe(before + captured);
  await recordLength(lab, await prepare(browser, server, LONG));
});

/** A page with two notebooks of that many cells, one of them flagged. */
async function prepare(
  browser: Browser,
  server: Server,
  count: number
): Promise<Lab> {
  const cells = Array.from({ length: count }, (_, i) => code(`${i}`));
  const paths = { plain: `plain${count}.ipynb`, flagged: `on${count}.ipynb` };
  await server.write(paths.plain, plain(cells));
  await server.write(paths.flagged, flagged(cells));
  const lab = await Lab.open(browser);
  await keepSharedScope(lab.page);
  const notebook = await lab.notebook(server, paths.plain);
  // Side by side: JupyterLab does less for a notebook that does not show.
  await notebook.execute('docmanager:open', {
    path: paths.flagged,
    options: { mode: 'split-right' }
  });
  await notebook.enterName('Ann', 'Lee');
  await lab.connected();
  const slim = resolve(
    require.resolve('posthog-js/package.json'),
    '../dist/module.slim.js'
  );
  await installDriver(lab.page, {
    ...paths,
    posthog: await readFile(slim, 'utf8')
  });
  // What is compiled and cached once is not what a run costs.
  for (const step of ['plain', 'flagged', 'floor'] as const) {
    await loop(lab, step);
  }
  return lab;
}

function loop(
  lab: Lab,
  step: Step,
  count = COUNT,
  pause: number | null = PAUSE_MS
): Promise<void> {
  return lab.page.evaluate(
    ([step, count, pause]) => window.driver.loop(step, count, pause),
    [step, count, pause] as const
  );
}

/** What one event costs, and the floor. @returns the former, in milliseconds */
async function recordSingle(lab: Lab): Promise<number> {
  const steps = ['still', 'floor', 'plain', 'flagged'] as const;
  const own: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const costs = { still: 0, floor: 0, plain: 0, flagged: 0 };
    // Who goes first changes by the round.
    for (const step of round % 2 === 0 ? steps : [...steps].reverse()) {
      const before = await lab.taskTime();
      await loop(lab, step);
      costs[step] = ((await lab.taskTime()) - before) / COUNT;
    }
    own.push(costs.flagged - costs.plain);
    floor.push(costs.floor - costs.still);
  }
  const ratio = ratios(own, floor);
  record({
    measure: 'Main thread per cell_executed of 10 KB, to the floor',
    value: median(ratio),
    unit: 'x',
    atMost: 1.25,
    note: `${median(own).toFixed(2)} ms, floor ${median(floor).toFixed(2)} ms; ${spread(ratio)}`
  });
  return median(own);
}

async function recordTasks(lab: Lab): Promise<void> {
  const longest = async (step: Step): Promise<number> =>
    Math.max(...(await tasksDuring(lab.client, () => loop(lab, step))));
  const without = await longest('plain');
  record({
    measure: 'Longest task while events are captured',
    value: await longest('flagged'),
    unit: 'ms',
    atMost: 16,
    note: `without telemetry ${without.toFixed(1)} ms`
  });
}

/** A hundred at once, each in a task of its own as after a kernel's answers. */
async function recordBurst(lab: Lab, single: number): Promise<void> {
  const costs: number[] = [];
  const writes: number[] = [];
  const burst = async (step: Step): Promise<number> => {
    const before = await lab.taskTime();
    await loop(lab, step, BURST, null);
    await loop(lab, 'still', 20);
    return (await lab.taskTime()) - before;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const without = await burst('plain');
    await lab.page.evaluate(() => (window.driver.transactions = 0));
    costs.push(((await burst('flagged')) - without) / BURST);
    writes.push(await lab.page.evaluate(() => window.driver.transactions));
  }
  record({
    measure: 'Main thread per event in a burst of 100, to a single one',
    value: median(costs) / single,
    unit: 'x',
    atMost: 0.75,
    note: `${median(costs).toFixed(2)} ms; ${spread(costs)}`
  });
  record({
    measure: 'Write transactions of a burst of 100',
    value: median(writes),
    unit: 'transactions',
    atMost: 50,
    note: spread(writes, 0)
  });
}

/**
 * The same in a long notebook, whose page never rests: hence by a profile, which
 * tells our code from JupyterLab's.
 */
async function recordLength(short: Lab, long: Lab): Promise<void> {
  const costs: Record<string, number[]> = { short: [], long: [] };
  let last = await profileOurs(short.client, () => loop(short, 'flagged'));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, lab] of Object.entries({ long, short })) {
      last = await profileOurs(lab.client, () => loop(lab, 'flagged'));
      costs[name].push(last.total / COUNT);
    }
  }
  const ratio = ratios(costs.long, costs.short);
  record({
    measure: `Our code per event with ${LONG} cells, to that with ${SHORT}`,
    value: median(ratio),
    unit: 'x',
    atMost: 1.2,
    note: `${median(costs.long).toFixed(2)} ms; ${spread(ratio)}`
  });
  explain('Where the time goes, in ms per event:');
  for (const [place, ms] of last.places) {
    explain(`${(ms / COUNT).toFixed(3)} ${place}`);
  }
}
