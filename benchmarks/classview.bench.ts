// What an instructor waits for: a student's run on the screen, a large grid; and what an hour of it keeps.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { code, flagged } from '../ui-tests/support/cells';
import { ClassPage } from '../ui-tests/support/classpage';
import { expect, test } from '../ui-tests/support/fixtures';
import type { Server } from '../ui-tests/support/server';
import { GeneratedClass } from './support/classanswers';
import { explain, median, quantile, record, spread } from './support/figures';
import type { IKept } from './support/heap';
import { keptBy } from './support/heap';
import { Lab } from './support/lab';
import { hasten } from './support/hasten';
import { fromAnswerToPaint, watchPaint } from './support/paint';
import { serverFor } from './support/servers';

const size = (name: string, usual: number): number =>
  Number(process.env[`IPYNB_TELEMETRY_BENCH_${name}`] ?? usual);

/** Runs that are waited for on the instructor's screen. */
const RUNS = size('RUNS', 20);
/** Grids that are drawn, and patches of one. */
const GRIDS = size('GRIDS', 10);
/** Looks at the server in an hour, one in two seconds. */
const POLLS = size('POLLS', 1_800);
const POLL_MS = 2_000;
/** Students whose pages are opened in each part of the hour. */
const STUDENTS_OPENED = 10;
/** Rows and columns of the 200 cells that are others. */
const PATCH = [20, 10] as const;
const PROGRESS = '/ipynb-telemetry/class/progress';
const COURSE = resolve(__dirname, '..', 'examples', 'D1_Python_Tooling.ipynb');

test('classview', async ({ browser, startServer }) => {
  const server = await startServer(await serverFor('ours'));
  await recordRuns(browser, server);
  await recordGrid(browser, server);
  await recordHeap(browser, server);
});

/** From a student's run, in a page of JupyterLab, to the instructor's screen, among 30 simulated ones. */
async function recordRuns(browser: Browser, server: Server): Promise<void> {
  const cells = Array.from({ length: RUNS }, (_, nth) =>
    code(`@tracked_test("run ${nth}")\ndef check():\n    pass\n\ncheck()`)
  );
  await server.write('classbench.ipynb', flagged(cells, 'classbench'));
  const lab = await Lab.open(browser);
  const notebook = await lab.notebook(server, 'classbench.ipynb', {
    isFlagged: true
  });
  await lab.connected();
  const stop = await simulate(server);
  const context = await browser.newContext({
    viewport: { width: 2_400, height: 900 }
  });
  const { page } = await ClassPage.open(
    await context.newPage(),
    server,
    'progress?in=classbench'
  );
  const waits: number[] = [];
  for (let nth = 0; nth < RUNS; nth++) {
    await notebook.select(nth);
    // What was shown came with a look: at once, each run would wait for the next one in full.
    await pause((nth / RUNS) * POLL_MS);
    const shown = page.waitForFunction(
      label => document.querySelector(`[aria-label="${label}"]`) && Date.now(),
      `run ${nth}: passed at try 1`,
      { polling: 'raf' }
    );
    const begin = Date.now();
    await notebook.page.keyboard.press('ControlOrMeta+Enter');
    waits.push(Number(await (await shown).jsonValue()) - begin);
  }
  const arrived = await stop();
  await context.close();
  await lab.close();
  const note = `${RUNS} runs, ${spread(waits, 0)} ms; ${arrived} events of a simulated class beside`;
  const measure = 'From a run to the instructor’s screen';
  record({
    measure: `${measure}, median`,
    value: median(waits) / 1000,
    unit: 's',
    atMost: 3,
    note
  });
  record({
    measure: `${measure}, p95`,
    value: quantile(waits, 0.95) / 1000,
    unit: 's',
    atMost: 6
  });
}

/** Begin a class of 30. @returns what ends it, and tells how many of its events are stored */
async function simulate(server: Server): Promise<() => Promise<number>> {
  const child = spawn(
    join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'),
    [
      ...['-m', 'ipynb_telemetry', 'simulate', COURSE],
      ...['--students', '30', '--minutes', '50', '--speed', '20'],
      ...['--host', server.baseUrl]
    ],
    {
      stdio: 'ignore',
      env: { ...process.env, JUPYTER_TOKEN: server.token }
    }
  );
  const gone = once(child, 'exit');
  const stored = async (): Promise<number> =>
    (await server.events({ notebook: 'D1_Python_Tooling' })).length;
  await expect.poll(stored, 'a simulated class').toBeGreaterThan(0);
  return async () => {
    expect(child.exitCode, 'the class ended too early').toBeNull();
    const count = await stored();
    child.kill();
    await gone;
    return count;
  };
}

/** A page of the view whose answers are made up here: what the page takes, without the server. */
async function generated(
  browser: Browser,
  server: Server,
  made: GeneratedClass,
  address: string,
  prepare: (page: Page) => Promise<void>
): Promise<ClassPage> {
  const context = await browser.newContext({
    viewport: { width: 1_600, height: 900 }
  });
  const page = await context.newPage();
  await prepare(page);
  await page.route(/\/ipynb-telemetry\/class\/[a-z]+(\?|$)/, route => {
    const { pathname, searchParams } = new URL(route.request().url());
    const name = pathname.split('/').pop()!;
    if (name !== 'changes') {
      return route.fulfill({
        contentType: 'application/json',
        body: made.answer(name, searchParams.get('student') ?? '')
      });
    }
    return searchParams.get('since') === String(made.rev)
      ? route.fulfill({ status: 204 })
      : route.fulfill({ json: { rev: made.rev } });
  });
  return ClassPage.open(page, server, address);
}

/** A grid of 300 students and 60 exercises: until it is there, and until 200 cells of it are others. */
async function recordGrid(browser: Browser, server: Server): Promise<void> {
  const first: number[] = [];
  const patches: number[] = [];
  for (let round = 0; round < GRIDS; round++) {
    const made = new GeneratedClass(300, 60, PATCH);
    const view = await generated(browser, server, made, 'now', watchPaint);
    const { page } = view;
    const drawn = fromAnswerToPaint(page, PROGRESS, '[role="gridcell"]');
    await view.tab('Progress').click();
    first.push(await drawn);
    // The first one is compiled still.
    for (let nth = 0; nth < 2; nth++) {
      made.rev += 1;
      const told = `failing after ${made.fails} tries`;
      const cells = `[role="gridcell"][aria-label$="${told}"]`;
      const ms = await fromAnswerToPaint(page, PROGRESS, cells);
      await expect(page.locator(cells)).toHaveCount(PATCH[0] * PATCH[1]);
      if (nth > 0) {
        patches.push(ms);
      }
    }
    await page.context().close();
  }
  record({
    measure: 'Grid of 300 × 60, from the answer to the first paint',
    value: median(first),
    unit: 'ms',
    atMost: 200,
    note: `${spread(first, 0)}; answers made up`
  });
  record({
    measure: 'The same, 200 cells in sight are others',
    value: median(patches),
    unit: 'ms',
    atMost: 50,
    note: `${spread(patches, 0)}; with reading 18,000 cells`
  });
}

/**
 * What the page keeps of an hour in which something is always new: two views in turn, and in the
 * second one student after another is opened.
 */
async function recordHeap(browser: Browser, server: Server): Promise<void> {
  const made = new GeneratedClass(30, 10, [10, 5]);
  const view = await generated(browser, server, made, 'now', hasten);
  const { page } = view;
  const client = await page.context().newCDPSession(page);
  let polls = 0;
  page.on('requestfinished', request => {
    if (request.url().includes('/class/changes')) {
      polls += 1;
      made.rev += 1;
    }
  });
  const look = async (count: number): Promise<void> => {
    const end = polls + count;
    while (polls < end) {
      await pause(50);
      // Who is there: the pace would slow down.
      await page.mouse.move(5 + (polls % 2), 5);
    }
  };
  const round = async (count: number): Promise<IKept> => {
    const each = Math.ceil(count / 2 / STUDENTS_OPENED);
    await view.tab('Progress').click();
    for (let nth = 0; nth < STUDENTS_OPENED; nth++) {
      await view.grid.getByRole('rowheader').nth(nth).click();
      await look(each);
    }
    await view.tab('Now').click();
    await look(count / 2);
    return keptBy(client);
  };
  // What is loaded and compiled once is no growth.
  const before = await round(POLLS / 3);
  const kept: IKept[] = [];
  for (let part = 0; part < 4; part++) {
    kept.push(await round(POLLS / 4));
  }
  await page.context().close();
  const series = (name: keyof IKept): string =>
    [before, ...kept].map(it => it[name].toFixed(2)).join(', ');
  explain(`Heap with compiled code: ${series('heap')} MB`);
  record({
    measure: 'Growth of what the page keeps in an hour of polling',
    value: (kept[kept.length - 1].objects / before.objects - 1) * 100,
    unit: '%',
    atMost: 5,
    note: `${series('objects')} MB, after a warm-up of ${POLLS / 3} looks and each quarter of ${POLLS}; answers made up`
  });
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
