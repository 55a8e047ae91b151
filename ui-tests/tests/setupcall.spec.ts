import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { code, flagged, plain, type ICell } from '../support/cells';
import { listenToConsole } from '../support/console';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import type { Server } from '../support/server';

/**
 * The kernel side as a file beside the notebook: no package has to be there.
 * It waits for the page's word as long as a page on a busy machine may take.
 */
const SIDE = readFileSync(
  join(__dirname, '..', '..', 'ipynb_telemetry', 'bootstrap.py'),
  'utf8'
).replace('\n_PATIENCE_S = 2.0', '\n_PATIENCE_S = 60.0');

const TOGGLE = 'Student Telemetry in This Notebook';

/** The first cell of a notebook that turns telemetry on by itself. */
function call(lesson: string, notebook = lesson): ICell {
  return code(
    `exec(open("${lesson}.py").read())\nsetup_telemetry("${notebook}")`
  );
}

/** Open a notebook without a flag, unless `metadata` has one. Its calls give its file's name. */
async function open(
  page: Page,
  server: Server,
  id: string,
  cells: ICell[],
  metadata = {}
): Promise<Lesson> {
  await server.write(`${id}.py`, SIDE);
  await server.write(`${id}.ipynb`, plain(cells, metadata));
  await NotebookPage.open(page, server, `${id}.ipynb`);
  return new Lesson(page, server, `${id}.ipynb`);
}

/** Whether the notebook in front is changed, and its flag. */
function state(page: Page): Promise<{ dirty: boolean; flag: unknown }> {
  return page.evaluate(() => {
    const { model } = (
      window.jupyterapp.shell.currentWidget as unknown as {
        context: {
          model: { dirty: boolean; getMetadata(key: string): unknown };
        };
      }
    ).context;
    const flag = model.getMetadata('ipynb_telemetry') ?? null;
    return { dirty: model.dirty, flag };
  });
}

/** Where the runs took place, as they were captured. */
async function places(lesson: Lesson, count: number): Promise<unknown[]> {
  const runs = await lesson.captured('cell_executed', count);
  return runs.map(run => run.cell_index);
}

/** Our scripts that the page loads from now on. */
function scripts(page: Page): string[] {
  const found: string[] = [];
  page.on('request', request => {
    if (/ipynb-telemetry\/static\/.*\.js/.test(request.url())) {
      found.push(request.url());
    }
  });
  return found;
}

test('a call hands over: one question, each run once, the notebook untouched', async ({
  page,
  server
}) => {
  const said = listenToConsole(page, 'warning', 'error');
  const lesson = await open(page, server, 'handover', [
    call('handover'),
    code('6 * 7')
  ]);

  await lesson.run(0);
  await expect(lesson.namePrompt).toBeVisible();
  await lesson.execute('docmanager:save');
  await expect.poll(() => state(page)).toEqual({ dirty: false, flag: null });
  await lesson.enterName('Ann', 'Lee');
  const [first] = await lesson.captured('cell_executed', 1);
  expect(first).toMatchObject({
    cell_id: 'cell-0',
    cell_index: 0,
    code: expect.stringContaining('setup_telemetry("handover")'),
    status: 'ok',
    attempt: 1,
    execution_count: 1
  });
  expect(await state(page)).toEqual({ dirty: false, flag: null });
  await expect(lesson.statusItem).toHaveText('ANN-LEE · telemetry on');

  await lesson.run(1);
  await lesson.captured('cell_executed', 2);
  await lesson.run(0);
  const runs = await lesson.captured('cell_executed', 3);
  expect(runs.map(run => [run.cell_index, run.attempt])).toEqual([
    [0, 1],
    [1, 1],
    [0, 2]
  ]);
  expect(runs[1].output).toBe('42\n');
  expect(await lesson.history()).toHaveLength(4);
  expect((await state(page)).flag).toBeNull();
  await expect(lesson.namePrompt).toBeHidden();
  expect(said.filter(text => /ipynb.telemetry/i.test(text))).toEqual([]);
});

test('Run All behind the call gives every run once', async ({
  page,
  server
}) => {
  const cells = Array.from({ length: 20 }, (_, nth) => code(String(nth)));
  const first = await open(page, server, 'runall-asked', [
    call('runall-asked'),
    ...cells
  ]);
  await first.runAll();
  await first.enterName('Ann', 'Lee');
  const all = Array.from({ length: 21 }, (_, place) => place);
  expect(await places(first, 21)).toEqual(all);
  await first.run(3);
  expect(await places(first, 22)).toEqual([...all, 3]);
  expect(await first.history()).toHaveLength(23);

  // Now the name is known: the page tells it while the cells are still running.
  cells[9] = code(gate('runall'));
  const second = await open(page, server, 'runall-known', [
    call('runall-known'),
    ...cells
  ]);
  await second.runAll();
  await second.reached('runall');
  await second.open('runall');
  expect(
    (await places(second, 21)).sort((a, b) => Number(a) - Number(b))
  ).toEqual(all);
  await second.run(3);
  const runs = await second.captured('cell_executed', 22);
  expect(runs.at(-1)).toMatchObject({ cell_index: 3, attempt: 2 });
  expect(await second.history()).toHaveLength(23);
  await expect(second.namePrompt).toBeHidden();

  const events = await server.events({
    student: 'ANN_LEE',
    type: 'cell_executed'
  });
  const ours = events.filter(({ properties }) =>
    String(properties.notebook).startsWith('runall-')
  );
  expect(new Set(ours.map(({ uuid }) => uuid)).size).toBe(44);
});

test('a flagged notebook takes no notice of its call', async ({
  page,
  server
}) => {
  await server.write('flagcall.py', SIDE);
  await server.write(
    'flagcall.ipynb',
    flagged([call('flagcall', 'of-the-call'), code('1'), code('2')])
  );
  await NotebookPage.open(page, server, 'flagcall.ipynb');
  const lesson = new Lesson(page, server, 'flagcall.ipynb');
  await lesson.enterName('Ann', 'Lee');

  await lesson.runAll();
  expect(await places(lesson, 3)).toEqual([0, 1, 2]);
  await lesson.run(2);
  expect(await places(lesson, 4)).toEqual([0, 1, 2, 2]);
  expect(await lesson.history()).toHaveLength(5);
  expect(await server.events({ notebook: 'of-the-call' })).toEqual([]);
  await expect(lesson.namePrompt).toBeHidden();
});

test('a notebook that says no is left alone', async ({ page, server }) => {
  const lesson = await open(
    page,
    server,
    'saysno',
    [call('saysno'), code('"after"')],
    { ipynb_telemetry: { enabled: false } }
  );
  const loaded = scripts(page);
  await lesson.runToEnd(0);
  await lesson.runToEnd(1);
  await expect(lesson.cell(1)).toContainText('after');
  await expect(lesson.namePrompt).toBeHidden();
  await expect(lesson.statusItem).toBeHidden();
  expect(loaded).toEqual([]);
  expect(await server.events({ notebook: 'saysno' })).toEqual([]);
});

test('a student who declines is not recorded, nor what they did until they agree', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'declined', [
    call('declined'),
    code('"before"'),
    code('"after"')
  ]);
  await lesson.run(0);
  await lesson.namePrompt.getByRole('button', { name: 'Cancel' }).click();
  await expect(lesson.statusItem).toHaveText('Telemetry off: no name given');
  await lesson.runToEnd(1);
  await expect(lesson.namePrompt).toBeHidden();
  expect(await server.events({ notebook: 'declined' })).toEqual([]);

  await lesson.statusItem.click();
  await lesson.enterName('Ann', 'Lee');
  await lesson.run(2);
  expect(await places(lesson, 1)).toEqual([2]);
  expect(await lesson.history()).toEqual(['session_started', 'cell_executed']);
});

test('of two browser tabs on one kernel, the one that called is tracked', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'pages', [
    call('pages'),
    code('"marker"')
  ]);
  const other = await page.context().newPage();
  const twin = await NotebookPage.open(other, server, lesson.path);
  const loaded = scripts(other);
  await page.bringToFront();

  await lesson.run(0);
  await lesson.enterName('Ann', 'Lee');
  expect(await places(lesson, 1)).toEqual([0]);
  await lesson.run(1);
  expect(await places(lesson, 2)).toEqual([0, 1]);
  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed'
  ]);
  await expect(twin.namePrompt).toBeHidden();
  await expect(twin.statusItem).toBeHidden();
  expect(loaded).toEqual([]);
});

test('a second browser tab that calls is tracked beside the first', async ({
  page,
  server
}) => {
  const cells = [call('second-tab'), code('1'), code('2')];
  const first = await open(page, server, 'second-tab', cells);
  await first.run(0);
  await first.enterName('Ann', 'Lee');
  expect(await places(first, 1)).toEqual([0]);

  const other = await page.context().newPage();
  await NotebookPage.open(other, server, first.path);
  const second = new Lesson(other, server, first.path);
  await second.run(0);
  await second.captured('session_started', 2);
  await second.run(1);
  expect(await places(second, 3)).toEqual([0, 0, 1]);
  await expect(second.namePrompt).toBeHidden();

  // One closes its notebook: the other's runs are its own as before.
  await page.bringToFront();
  await first.run(2);
  await first.captured('cell_executed', 4);
  await first.execute('docmanager:save');
  await first.execute('application:close');
  await first.captured('session_ended', 1);
  await other.bringToFront();
  await second.run(2);
  expect(await places(second, 5)).toEqual([0, 2, 0, 1, 2]);
  expect(await second.history()).toHaveLength(8);
});

test('a call holds for the page that is loaded again, and the notebook that is opened again', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'comes-back', [
    call('comes-back'),
    code('"reloaded"'),
    code('"reopened"'),
    code('1')
  ]);
  await lesson.run(0);
  await lesson.enterName('Ann', 'Lee');
  expect(await places(lesson, 1)).toEqual([0]);
  await lesson.execute('docmanager:save');

  await page.reload();
  await lesson.idle();
  await expect(lesson.statusItem).toBeHidden();
  await lesson.run(1);
  await lesson.captured('session_started', 2);
  await lesson.run(3);
  expect(await places(lesson, 3)).toEqual([0, 1, 3]);

  await lesson.execute('docmanager:save');
  await lesson.execute('application:close');
  await lesson.captured('session_ended', 2);
  await lesson.execute('docmanager:open', { path: lesson.path });
  await lesson.idle();
  await lesson.run(2);
  await lesson.captured('session_started', 3);
  await lesson.run(3);
  expect(await places(lesson, 5)).toEqual([0, 1, 3, 2, 3]);
  expect(await lesson.history()).toHaveLength(10);
  await expect(lesson.namePrompt).toBeHidden();
});

test('a call holds over a restart, and ends with its kernel', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'lifetime', [
    call('lifetime'),
    code('STUDENT_NAME')
  ]);
  await lesson.run(0);
  await lesson.enterName('Ann', 'Lee');
  await lesson.captured('cell_executed', 1);

  await lesson.menu('Kernel', 'Restart Kernel…');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Confirm Kernel Restart' })
    .click();
  await lesson.idle();
  await lesson.run(1);
  const runs = await lesson.captured('cell_executed', 2);
  expect(runs[1]).toMatchObject({ execution_count: 1, output: "'ANN-LEE'\n" });

  await lesson.menu('Kernel', 'Shut Down Kernel');
  await lesson.captured('session_ended', 1);
  await expect(lesson.statusItem).toBeHidden();
  await lesson.run(1);
  await expect(lesson.cell(1)).toContainText('NameError');

  await lesson.run(0);
  await lesson.captured('session_started', 2);
  expect(await places(lesson, 3)).toEqual([0, 1, 0]);
  expect(await lesson.history()).toHaveLength(6);
  await expect(lesson.namePrompt).toBeHidden();
});

test('the command turns it off for good, and on by the flag', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'command', [
    call('command', 'of-the-command'),
    code('"after"')
  ]);
  await lesson.run(0);
  await lesson.enterName('Ann', 'Lee');
  const called = new Lesson(page, server, 'of-the-command.ipynb');
  await called.captured('cell_executed', 1);
  await lesson.telemetryMenu(TOGGLE);
  await called.captured('session_ended', 1);
  expect((await state(page)).flag).toEqual({ enabled: false });
  await expect(lesson.statusItem).toBeHidden();

  await lesson.run(0);
  await lesson.runToEnd(1);
  await expect(lesson.statusItem).toBeHidden();
  expect(await called.history()).toHaveLength(3);

  await lesson.telemetryMenu(TOGGLE);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Turn On' })
    .click();
  await lesson.run(1);
  expect(await places(lesson, 1)).toEqual([1]);
  expect((await state(page)).flag).toEqual({
    enabled: true,
    notebook: 'command'
  });
  expect(await called.history()).toHaveLength(3);
});

test('a later call with another id begins a session of its own', async ({
  page,
  server
}) => {
  const lesson = await open(page, server, 'earlier', [
    call('earlier'),
    code('1'),
    call('earlier', 'later'),
    code('3')
  ]);
  const later = new Lesson(page, server, 'later.ipynb');
  await lesson.run(0);
  await lesson.enterName('Ann', 'Lee');
  expect(await places(lesson, 1)).toEqual([0]);
  await lesson.run(1);
  expect(await places(lesson, 2)).toEqual([0, 1]);
  await lesson.run(2);
  await later.captured('session_started', 1);
  await lesson.run(3);
  const type = 'cell_executed';
  const after = await waitForEvents(
    server,
    stored => stored.at(-1)?.properties.cell_index === 3,
    { notebook: 'later', type }
  );

  // The call is the end of one session or the beginning of the other, whichever hears of it first.
  const before = await server.events({ notebook: 'earlier', type });
  expect(
    [...before, ...after].map(({ properties }) => properties.cell_index)
  ).toEqual([0, 1, 2, 3]);
  const [started, ...rest] = await lesson.history();
  expect([started, rest.at(-1)]).toEqual(['session_started', 'session_ended']);
  expect(rest).toHaveLength(before.length + 1);
  expect(await later.history()).toEqual([
    'session_started',
    ...after.map(() => type)
  ]);
  await expect(lesson.namePrompt).toBeHidden();
});

test('Notebook 7 hands over just so', async ({ page, startServer }) => {
  const server = await startServer({ app: 'notebook' });
  const lesson = await open(page, server, 'seven-call', [
    call('seven-call'),
    code('6 * 7')
  ]);
  await lesson.run(0);
  await lesson.enterName('Note', 'Book');
  await expect(lesson.statusItem).toHaveText('NOTE-BOOK · telemetry on');
  await lesson.run(1);
  expect(await places(lesson, 2)).toEqual([0, 1]);
  expect(await lesson.history()).toHaveLength(3);
  const [started] = await lesson.captured('session_started', 1);
  expect(started).toMatchObject({ app: 'notebook', kernel: 'python3' });
});
