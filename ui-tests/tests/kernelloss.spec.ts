import type { Route } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

const fates = (runs: Array<Record<string, unknown>>): unknown[] =>
  runs.map(run => [run.cell_index, run.status, run.success]);

test('an interrupt is one KeyboardInterrupt, and aborts what is queued', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'interrupt', [
    code('"before"'),
    code(gate('interrupt')),
    code('"queued"'),
    code('"queued too"'),
    code('"marker"')
  ]);

  await lesson.select(4);
  await lesson.menu('Run', 'Run All Above Selected Cell');
  await lesson.reached('interrupt');
  await lesson.menu('Kernel', 'Interrupt Kernel');
  await lesson.captured('cell_executed', 4);
  await lesson.run(4);

  const runs = await lesson.captured('cell_executed', 5);
  expect(fates(runs)).toEqual([
    [0, 'ok', true],
    [1, 'error', false],
    [2, 'aborted', false],
    [3, 'aborted', false],
    [4, 'ok', true]
  ]);
  expect(runs[1].error).toMatchObject({ name: 'KeyboardInterrupt', value: '' });
  expect(runs[1].output).toMatch(/^at interrupt\n[^]*KeyboardInterrupt/);
  expect(runs[2]).toMatchObject({ error: null, execution_count: null });
  expect(await lesson.history()).toHaveLength(6);
});

test('a restart cancels what runs and what is queued', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'restart', [
    code('"before"'),
    code(gate('restart')),
    code('"queued"')
  ]);

  await lesson.runAll();
  await lesson.reached('restart');
  await lesson.menu('Kernel', 'Restart Kernel…');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Confirm Kernel Restart' })
    .click();
  const cancelled = await lesson.captured('cell_executed', 3);
  expect(fates(cancelled)).toEqual([
    [0, 'ok', true],
    [1, 'cancelled', false],
    [2, 'cancelled', false]
  ]);
  expect(cancelled[1]).toMatchObject({
    output: 'at restart\n',
    error: null,
    execution_count: null
  });
  expect(cancelled[2]).toMatchObject({
    output: '',
    error: null,
    execution_count: null,
    duration_ms: 0
  });

  await lesson.idle();
  await lesson.run(0);
  const runs = await lesson.captured('cell_executed', 4);
  expect(runs[3]).toMatchObject({
    status: 'ok',
    attempt: 2,
    execution_count: 1
  });
  expect(await lesson.history()).toHaveLength(5);
});

test('the death of the kernel cancels what runs and what is queued', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'death', [
    // Not before the kernel has what is queued: its successor would run that.
    code(`${gate('death')}\nos.kill(os.getpid(), 9)`),
    code('"queued"'),
    code('"marker"')
  ]);

  await lesson.select(2);
  await lesson.menu('Run', 'Run All Above Selected Cell');
  await lesson.reached('death');
  await lesson.open('death');
  const cancelled = await lesson.captured('cell_executed', 2);
  expect(fates(cancelled)).toEqual([
    [0, 'cancelled', false],
    [1, 'cancelled', false]
  ]);

  await page.getByRole('dialog').getByRole('button', { name: 'Ok' }).click();
  await lesson.idle();
  await lesson.run(2);
  const runs = await lesson.captured('cell_executed', 3);
  expect(runs[2]).toMatchObject({ status: 'ok', execution_count: 1 });
  expect(await lesson.history()).toHaveLength(4);
});

test('a test works after a cell that ended its kernel', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'exit', [
    code('import os\nos._exit(1)'),
    code('@tracked_test("holds")\ndef holds(): pass\nholds()')
  ]);
  await lesson.run(1);
  await lesson.captured('test_passed', 1);

  await lesson.run(0);
  await page.getByRole('dialog').getByRole('button', { name: 'Ok' }).click();
  await lesson.idle();
  await lesson.run(1);

  const [, again] = await lesson.captured('test_passed', 2);
  expect(again).toMatchObject({ test: 'holds' });
  const runs = await lesson.captured('cell_executed', 3);
  expect(fates(runs)).toEqual([
    [1, 'ok', true],
    [0, 'cancelled', false],
    [1, 'ok', true]
  ]);
  expect(runs[2]).toMatchObject({
    output: 'TEST PASSED: holds\n',
    execution_count: 1
  });
  expect(await lesson.history()).toHaveLength(6);
});

test('a shut down kernel cancels; the next run starts another', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'shutdown', [
    code(gate('shutdown')),
    code('STUDENT_NAME')
  ]);

  await lesson.runAll();
  await lesson.reached('shutdown');
  await lesson.menu('Kernel', 'Shut Down Kernel');
  const cancelled = await lesson.captured('cell_executed', 2);
  expect(fates(cancelled)).toEqual([
    [0, 'cancelled', false],
    [1, 'cancelled', false]
  ]);

  await expect(lesson.panel.getByText('No Kernel')).toBeVisible();
  await lesson.run(1);
  const runs = await lesson.captured('cell_executed', 3);
  expect(runs[2]).toMatchObject({
    status: 'ok',
    execution_count: 1,
    output: "'ANN-LEE'\n",
    attempt: 2
  });
});

test('a run before the kernel has started is cancelled', async ({
  page,
  server
}) => {
  await server.write('early.ipynb', flagged([code('"early"')]));
  const held: Route[] = [];
  await page.route('**/api/sessions*', route =>
    route.request().method() === 'POST'
      ? void held.push(route)
      : route.continue()
  );
  const lesson = new Lesson(page, server, 'early.ipynb');
  await NotebookPage.open(page, server, lesson.path, { kernel: false });
  await lesson.enterName('Ann', 'Lee');

  await lesson.run(0);
  const [early] = await lesson.captured('cell_executed', 1);
  expect(early).toMatchObject({
    status: 'cancelled',
    success: false,
    output: '',
    execution_count: null,
    duration_ms: 0
  });

  await expect.poll(() => held.length).toBe(1);
  await held[0].continue();
  await lesson.idle();
  await lesson.run(0);
  const runs = await lesson.captured('cell_executed', 2);
  expect(runs[1]).toMatchObject({ status: 'ok', output: "'early'\n" });
  const [session] = await lesson.captured('session_started', 1);
  expect(session).toMatchObject({ kernel: 'python3', language: 'python' });
});

test('a cell deleted while it runs still gives its event', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'deleted', [
    code('"first"'),
    code(gate('deleted'), { id: 'deleted' }),
    code('"marker"')
  ]);

  await lesson.run(1);
  await lesson.reached('deleted');
  await lesson.execute('notebook:delete-cell');
  await expect(lesson.cell(2)).toHaveCount(0);
  await lesson.run(1);
  await lesson.open('deleted');

  // JupyterLab may tell of the one that is gone after the one that followed it.
  const runs = await lesson.captured('cell_executed', 2);
  const byCount = (count: number): unknown =>
    runs.find(({ execution_count }) => execution_count === count);
  expect(byCount(1)).toMatchObject({
    cell_id: 'deleted',
    cell_index: 1,
    status: 'ok',
    success: true
  });
  expect(byCount(2)).toMatchObject({ code: '"marker"', cell_index: 1 });
  expect(await lesson.history()).toHaveLength(3);
});

test('closing the notebook ends the session after its last run', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'closed', [
    code(gate('closed')),
    code('"queued"')
  ]);

  await lesson.runAll();
  await lesson.reached('closed');
  await lesson.menu('File', 'Close Tab');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Discard' })
    .click();
  await lesson.captured('session_ended', 1);

  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed',
    'session_ended'
  ]);
  expect(fates(await lesson.captured('cell_executed', 2))).toEqual([
    [0, 'cancelled', false],
    [1, 'cancelled', false]
  ]);
});
