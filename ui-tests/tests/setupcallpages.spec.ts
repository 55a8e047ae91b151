import { code } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import {
  call,
  open,
  places,
  scripts,
  state,
  TOGGLE
} from '../support/setupcall';

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

  // The first page closes its notebook: the other's runs are its own as before.
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
  await expect(lesson.statusItem).toHaveText(
    'NOTE-BOOK · telemetry on, kept on this computer'
  );
  await lesson.run(1);
  expect(await places(lesson, 2)).toEqual([0, 1]);
  expect(await lesson.history()).toHaveLength(3);
  const [started] = await lesson.captured('session_started', 1);
  expect(started).toMatchObject({ app: 'notebook', kernel: 'python3' });
});
