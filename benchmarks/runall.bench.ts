// Run All of 500 cells: how long it takes without us, with us, and done naively.
import type { Browser } from '@playwright/test';
import { code, flagged } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import type { PostHogHost } from '../ui-tests/support/posthoghost';
import type { Server } from '../ui-tests/support/server';
import { explain, median, ratios, record, spread } from './support/figures';
import { Lab } from './support/lab';
import { processorTime } from './support/processortime';
import { sendTo, serverFor, type Variant } from './support/servers';

const CELLS = 500;
const ROUNDS = 9;
const VARIANTS: readonly Variant[] = ['bare', 'ours', 'naive'];

const NOTEBOOK = flagged(
  Array.from({ length: CELLS }, (_, i) =>
    code(`squares = [n * n for n in range(${i})]\nprint(${i}, sum(squares))`)
  ),
  'runall'
);

interface IRun {
  /** From the command to the last cell's end, in milliseconds. */
  readonly wall: number;
  /** What the main thread worked meanwhile, in milliseconds. */
  readonly tasks: number;
  /** What all programs worked meanwhile, kernel and server included, in milliseconds. */
  readonly work: number;
}

test('runall', async ({ browser, startServer, posthog }) => {
  const servers = new Map<Variant, Server>();
  for (const variant of VARIANTS) {
    const options = await serverFor(variant, sendTo(posthog.origin));
    servers.set(variant, await startServer(options));
  }
  // The naive client speaks to other routes too: what counts is the requests.
  const runs: Record<Variant, IRun[]> = { bare: [], ours: [], naive: [] };
  const arrived: Record<Variant, number[]> = { bare: [], ours: [], naive: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < VARIANTS.length; turn++) {
      const variant = VARIANTS[(round + turn) % VARIANTS.length];
      const [run, count] = await runAll(
        browser,
        servers.get(variant)!,
        variant,
        posthog
      );
      runs[variant].push(run);
      arrived[variant].push(count);
      explain(
        `${variant}: ${run.wall.toFixed(0)} ms, main thread ${run.tasks.toFixed(0)} ms, all programs ${run.work} ms`
      );
    }
  }
  expect
    .soft(arrived.ours, 'runs that arrived')
    .toEqual(runs.ours.map(() => CELLS));

  for (const [variant, bar] of [
    ['ours', 1.02],
    ['naive', undefined]
  ] as const) {
    const wall = compare(runs, variant, 'wall');
    const tasks = compare(runs, variant, 'tasks');
    const work = compare(runs, variant, 'work');
    record({
      measure: `Run All of ${CELLS} cells, ${variant} to bare`,
      value: median(wall),
      unit: 'x',
      atMost: bar,
      note: `${spread(wall)}; bare ${median(runs.bare.map(run => run.wall)).toFixed(0)} ms; ${Math.min(...arrived[variant])} of ${CELLS} events arrived`
    });
    record({
      measure: `Main thread in it, ${variant} to bare`,
      value: median(tasks),
      unit: 'x',
      note: `${spread(tasks)}; ${perCell(runs, variant).toFixed(2)} ms more per cell`
    });
    record({
      measure: `Processor time of all programs in it, ${variant} to bare`,
      value: median(work),
      unit: 'x',
      note: spread(work)
    });
  }
});

function compare(
  runs: Record<Variant, IRun[]>,
  variant: Variant,
  what: keyof IRun
): number[] {
  return ratios(
    runs[variant].map(run => run[what]),
    runs.bare.map(run => run[what])
  );
}

function perCell(runs: Record<Variant, IRun[]>, variant: Variant): number {
  return median(
    runs[variant].map((run, i) => (run.tasks - runs.bare[i].tasks) / CELLS)
  );
}

/** Run all cells in a fresh page with a fresh kernel; also counts the events that arrive. */
async function runAll(
  browser: Browser,
  server: Server,
  variant: Variant,
  posthog: PostHogHost
): Promise<[IRun, number]> {
  await server.write('runall.ipynb', NOTEBOOK);
  posthog.requests.length = 0;
  const lab = await Lab.open(browser);
  await lab.page.addInitScript(origin => {
    Object.assign(globalThis, { naiveHost: origin });
  }, posthog.origin);
  await lab.notebook(server, 'runall.ipynb', { isFlagged: variant === 'ours' });
  const before = await lab.taskTime();
  const worked = await processorTime();
  const wall = await lab.page.evaluate(async () => {
    const begin = performance.now();
    await window.jupyterapp.commands.execute('notebook:run-all-cells', {});
    return performance.now() - begin;
  });
  const run = {
    wall,
    tasks: (await lab.taskTime()) - before,
    work: (await processorTime()) - worked
  };
  const count = variant === 'bare' ? 0 : await settledCount(posthog);
  await lab.close();
  return [run, count];
}

/** How many runs arrived, once no more come. */
async function settledCount(posthog: PostHogHost): Promise<number> {
  let requests = -1;
  while (requests !== posthog.requests.length) {
    requests = posthog.requests.length;
    await new Promise(resolve => setTimeout(resolve, 5_000));
  }
  const events = posthog.requests.map(
    ({ text }) => [...text.matchAll(/"event":"cell_executed"/g)].length
  );
  return events.reduce((total, count) => total + count, 0);
}
