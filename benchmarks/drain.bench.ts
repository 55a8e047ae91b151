// 10,000 events that waited while the host was down, on their way to the collector.
import type { Browser, Page } from '@playwright/test';
import { code, flagged } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import type { Server } from '../ui-tests/support/server';
import { exposeTelemetry } from '../ui-tests/support/telemetry';
import { explain, median, record, spread } from './support/figures';
import { Lab } from './support/lab';
import { longTasks, watchLongTasks } from './support/longtasks';
import { countStored } from '../ui-tests/support/outbox';
import { profileOurs } from './support/profile';
import { serverFor } from './support/servers';
import { tasksDuring } from './support/trace';

const EVENTS = 10_000;
const ROUNDS = 3;
const BATCHES = '**/ipynb-telemetry/batch/**';
const MB = 1_000_000;

/** What ITelemetry tells of the delivery. */
interface IHealth {
  health: { waiting: number };
}

interface IDrain {
  readonly rate: number;
  /** The part of the time in which a request was under way, 0 to 1. */
  readonly requests: number;
  /** Longest block of the main thread, in milliseconds. */
  readonly block: number;
  /** Growth of the heap after it, in MB. */
  readonly growth: number;
  /** Growth of the heap at its highest, garbage included, in MB. */
  readonly peak: number;
}

test('drain', async ({ browser, startServer }) => {
  const server = await startServer(await serverFor('ours'));
  await server.write('drain.ipynb', flagged([code('1')]));
  const drains: IDrain[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    drains.push(await drainOnce(browser, server));
    explain(`${JSON.stringify(drains.at(-1))}`);
  }
  const stored = await server.events({ type: 'benchmark' });
  expect.soft(stored, 'what arrived').toHaveLength(ROUNDS * EVENTS);
  const task = await traceOnce(browser, server);
  await profileOnce(browser, server);

  const rates = drains.map(({ rate }) => rate);
  record({
    measure: `Drain of ${EVENTS} stored events to the collector`,
    value: median(rates),
    unit: 'events/s',
    atLeast: 3_000,
    note: `${spread(rates, 0)}; a request is under way ${Math.round(median(drains.map(({ requests }) => requests)) * 100)} % of the time`
  });
  const blocks = drains.map(({ block }) => block);
  record({
    measure: 'Longest task of the main thread in it',
    value: task,
    unit: 'ms',
    atMost: 50,
    note: `processor time; by the clock ${spread(blocks, 0)} ms (0: none over 50)`
  });
  const growths = drains.map(({ growth }) => growth);
  record({
    measure: 'Growth of the heap by it',
    value: median(growths),
    unit: 'MB',
    atMost: 5,
    note: `${spread(growths, 1)}; at its highest, with garbage, ${spread(
      drains.map(({ peak }) => peak),
      1
    )}`
  });
});

/** A page whose outbox holds that many events, with no way out. */
async function prepare(browser: Browser, server: Server): Promise<Lab> {
  const lab = await Lab.open(browser);
  await watchLongTasks(lab.page);
  await lab.page.route(BATCHES, route => route.abort());
  await lab.notebook(server, 'drain.ipynb', { isFlagged: true });
  await exposeTelemetry(lab.page);
  await lab.page.evaluate(async count => {
    const panel = window.jupyterapp.shell.currentWidget;
    const properties = {
      code: 'x = 1\n'.repeat(60),
      output: '1\n'.repeat(150)
    };
    for (let i = 0; i < count; i++) {
      window.telemetry.capture(panel, 'benchmark', { ...properties, i });
      if (i % 20 === 0) {
        await new Promise(resolve => setTimeout(resolve));
      }
    }
  }, EVENTS);
  await expect
    .configure({ soft: true })
    .poll(() => countStored(lab.page), 'events stored')
    .toBeGreaterThanOrEqual(EVENTS);
  return lab;
}

/** The host is up again, and the browser says so; settles when nothing waits any more. */
async function drain(page: Page): Promise<{ ms: number; requestMs: number }> {
  await page.unroute(BATCHES);
  return page.evaluate(async () => {
    performance.clearResourceTimings();
    const begin = performance.now();
    window.dispatchEvent(new Event('online'));
    const telemetry = window.telemetry as unknown as IHealth;
    do {
      await new Promise(resolve => setTimeout(resolve, 100));
    } while (telemetry.health.waiting > 0);
    // Its counts are a moment old: the last answer was the end.
    const requests = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/ipynb-telemetry/batch/'))
      .map(entry => entry as PerformanceResourceTiming);
    return {
      ms: Math.max(...requests.map(({ responseEnd }) => responseEnd)) - begin,
      requestMs: requests.reduce((sum, { duration }) => sum + duration, 0)
    };
  });
}

async function drainOnce(browser: Browser, server: Server): Promise<IDrain> {
  const lab = await prepare(browser, server);
  const { client, page } = lab;
  const heap = async (): Promise<number> =>
    (await client.send('Runtime.getHeapUsage')).usedSize / MB;
  const settledHeap = async (): Promise<number> => {
    await client.send('HeapProfiler.collectGarbage');
    return heap();
  };
  const before = await settledHeap();
  const earlier = (await longTasks(page)).length;
  let highest = before;
  let isDraining = true;
  const watch = async (): Promise<void> => {
    while (isDraining) {
      highest = Math.max(highest, await heap());
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  };
  const watching = watch();
  const { ms, requestMs } = await drain(page);
  isDraining = false;
  await watching;
  const block = Math.max(0, ...(await longTasks(page)).slice(earlier));
  const growth = (await settledHeap()) - before;
  await lab.close();
  return {
    rate: (EVENTS / ms) * 1000,
    requests: requestMs / ms,
    block,
    growth,
    peak: highest - before
  };
}

/** @returns the longest task of a drain that is traced, in milliseconds of processor time */
async function traceOnce(browser: Browser, server: Server): Promise<number> {
  const lab = await prepare(browser, server);
  const tasks = await tasksDuring(lab.client, () => drain(lab.page));
  await lab.close();
  return Math.max(...tasks);
}

/** Not a figure: where the main thread's time goes. */
async function profileOnce(browser: Browser, server: Server): Promise<void> {
  const lab = await prepare(browser, server);
  const { total, places } = await profileOurs(lab.client, async () => {
    await drain(lab.page);
  });
  await lab.close();
  explain(`Our code has the main thread for ${total.toFixed(0)} ms, of it in:`);
  places.forEach(([place, ms]) => explain(`${ms.toFixed(0)} ${place}`));
}
