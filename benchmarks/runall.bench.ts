// Run All: what it costs without us, with us, and done naively.
import type { Browser } from '@playwright/test';
import { code, flagged } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import type { PostHogHost } from '../ui-tests/support/posthoghost';
import type { Server } from '../ui-tests/support/server';
import {
  explain,
  median,
  ratios,
  record,
  spread,
  sum
} from './support/figures';
import { Lab, type IMainThread } from './support/lab';
import { processes, worked, type Program } from './support/processortime';
import { sendTo, serverFor, type Variant } from './support/servers';

const ROUNDS = 10;
const MAIN_THREAD = ['tasks', 'script', 'style', 'layout', 'rest'] as const;
const PROGRAMS = ['page', 'browser', 'kernel', 'server'] as const;
/** A moment more is measured: work that is put off until after the last cell belongs to the run, too. */
const AFTER_MS = 1_500;

/** What one Run All took, in milliseconds. */
interface IRun {
  /** From the command to the last cell's end. */
  readonly wall: number;
  /** The main thread, by the clock from the command to a moment after the last cell. */
  readonly main: IMainThread;
  /** All programs in that time. */
  readonly programs: Record<Program, number>;
}

for (const { cells, variants, bar } of [
  { cells: 50, variants: ['bare', 'ours'], bar: undefined },
  { cells: 200, variants: ['bare', 'ours'], bar: 1.05 },
  { cells: 500, variants: ['bare', 'ours', 'naive'], bar: undefined }
] as const) {
  test(`runall of ${cells}`, async ({ browser, startServer, posthog }) => {
    const servers = new Map<Variant, Server>();
    for (const variant of variants) {
      const options = await serverFor(variant, sendTo(posthog.origin));
      servers.set(variant, await startServer(options));
    }
    const runs: Record<Variant, IRun[]> = { bare: [], ours: [], naive: [] };
    const arrived: Record<Variant, number[]> = {
      bare: [],
      ours: [],
      naive: []
    };
    for (let round = 0; round < ROUNDS; round++) {
      for (let turn = 0; turn < variants.length; turn++) {
        const variant = variants[(round + turn) % variants.length];
        const server = servers.get(variant)!;
        const run = await runAll(browser, server, variant, cells, posthog);
        runs[variant].push(run);
        arrived[variant].push(
          variant === 'bare' ? 0 : await settledCount(posthog)
        );
        explain(`${variant}: ${words(run)}`);
      }
    }
    expect
      .soft(arrived.ours, 'runs that arrived')
      .toEqual(runs.ours.map(() => cells));

    for (const variant of variants.slice(1) as Variant[]) {
      const compare = (what: (run: IRun) => number): number[] =>
        ratios(runs[variant].map(what), runs.bare.map(what));
      const main = compare(run => run.main.tasks);
      record({
        measure: `Main thread in Run All of ${cells} cells, ${variant} to bare`,
        value: median(main),
        unit: 'x',
        atMost: variant === 'ours' ? bar : undefined,
        note: `${spread(main)}; ${more(runs, variant, MAIN_THREAD, run => run.main)}; ${Math.min(...arrived[variant])} of ${cells} events arrived`
      });
      const steady = compare(run => run.main.script + run.main.rest);
      record({
        measure: 'The same without style and layout',
        value: median(steady),
        unit: 'x',
        note: spread(steady)
      });
      const all = compare(run => sum(Object.values(run.programs)));
      record({
        measure: `Processor time of all programs in it, ${variant} to bare`,
        value: median(all),
        unit: 'x',
        note: `${spread(all)}; ${more(runs, variant, PROGRAMS, run => run.programs)}`
      });
      const wall = compare(run => run.wall);
      record({
        measure: `Run All of ${cells} cells by the clock, ${variant} to bare`,
        value: median(wall),
        unit: 'x',
        note: `${spread(wall)}; bare ${median(runs.bare.map(run => run.wall)).toFixed(0)} ms`
      });
    }
  });
}

/** The medians side by side, part by part. */
function more<K extends string>(
  runs: Record<Variant, IRun[]>,
  variant: Variant,
  parts: ReadonlyArray<K>,
  times: (run: IRun) => Readonly<Record<K, number>>
): string {
  return parts
    .map(part => {
      const [ours, bare] = [runs[variant], runs.bare].map(all =>
        median(all.map(run => times(run)[part]))
      );
      return `${part} ${ours.toFixed(0)} ms to ${bare.toFixed(0)}`;
    })
    .join(', ');
}

function words({ wall, main, programs }: IRun): string {
  const parts = [...Object.entries(main), ...Object.entries(programs)];
  return `${wall.toFixed(0)} ms; ${parts.map(([part, ms]) => `${part} ${Math.round(ms as number)}`).join(', ')}`;
}

/**
 * Run all cells as soon as the kernel is idle, in a page that was just opened,
 * with a fresh kernel. The student gave a name in an earlier visit.
 */
async function runAll(
  browser: Browser,
  server: Server,
  variant: Variant,
  cells: number,
  posthog: PostHogHost
): Promise<IRun> {
  const lab = await Lab.open(browser);
  await lab.page.addInitScript(origin => {
    Object.assign(globalThis, { naiveHost: origin });
  }, posthog.origin);
  await server.write('before.ipynb', flagged([code('1')], 'before'));
  await server.write('runall.ipynb', notebook(cells));
  await lab.notebook(server, 'before.ipynb', { isFlagged: variant === 'ours' });
  await lab.endKernels();
  posthog.requests.length = 0;
  await lab.notebook(server, 'runall.ipynb');
  await lab.connected();

  const before = await lab.mainThread();
  const programs = await processes();
  const wall = await lab.page.evaluate(async () => {
    const begin = performance.now();
    await window.jupyterapp.commands.execute('notebook:run-all-cells', {});
    return performance.now() - begin;
  });
  await new Promise(resolve => setTimeout(resolve, AFTER_MS));
  const after = await lab.mainThread();
  const run = {
    wall,
    main: Object.fromEntries(
      MAIN_THREAD.map(part => [part, after[part] - before[part]])
    ) as unknown as IMainThread,
    programs: worked(programs, await processes())
  };
  await lab.close();
  return run;
}

function notebook(cells: number): ReturnType<typeof flagged> {
  return flagged(
    Array.from({ length: cells }, (_, i) =>
      code(`squares = [n * n for n in range(${i})]\nprint(${i}, sum(squares))`)
    ),
    'runall'
  );
}

/** How many runs arrived, once no more come. The naive client speaks to other routes too: the requests count. */
async function settledCount(posthog: PostHogHost): Promise<number> {
  let requests = -1;
  while (requests !== posthog.requests.length) {
    requests = posthog.requests.length;
    await new Promise(resolve => setTimeout(resolve, 2_000));
  }
  const events = posthog.requests.map(
    ({ text }) => [...text.matchAll(/"event":"cell_executed"/g)].length
  );
  return events.reduce((total, count) => total + count, 0);
}
