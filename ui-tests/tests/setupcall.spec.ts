import { code, flagged } from '../support/cells';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { call, open, places, scripts, SIDE, state } from '../support/setupcall';

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
  await expect(lesson.statusItem).toHaveText(
    'ANN-LEE · telemetry on, kept on this computer'
  );

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
  await lesson.decline();
  await expect(lesson.statusItem).toHaveText('Not recorded');
  await lesson.runToEnd(1);
  await expect(lesson.namePrompt).toBeHidden();
  expect(await server.events({ notebook: 'declined' })).toEqual([]);

  await lesson.statusItem.click();
  await lesson.enterName('Ann', 'Lee');
  await lesson.run(2);
  expect(await places(lesson, 1)).toEqual([2]);
  expect(await lesson.history()).toEqual(['session_started', 'cell_executed']);
});
