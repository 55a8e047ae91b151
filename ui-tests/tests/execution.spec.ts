import { code, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';

const ms = expect.any(Number);

test('a run is told of exactly, also one that fails', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'exact', [
    markdown('# Lesson'),
    code('answer = 6 * 7\nprint("so")\nanswer', { id: 'good' }),
    code('int("x")', { id: 'bad' })
  ]);

  await lesson.run(1);
  await lesson.captured('cell_executed', 1);
  await lesson.run(2);

  expect(await lesson.captured('cell_executed', 2)).toEqual([
    {
      cell_id: 'good',
      cell_index: 1,
      execution_count: 1,
      code: 'answer = 6 * 7\nprint("so")\nanswer',
      output: 'so\n42\n',
      success: true,
      status: 'ok',
      error: null,
      duration_ms: ms,
      queued_ms: ms,
      attempt: 1,
      truncated: false
    },
    {
      cell_id: 'bad',
      cell_index: 2,
      execution_count: 2,
      code: 'int("x")',
      output: expect.stringMatching(/Traceback[^]*ValueError/),
      success: false,
      status: 'error',
      error: {
        name: 'ValueError',
        value: "invalid literal for int() with base 10: 'x'",
        traceback: expect.stringMatching(
          /^-+\nValueError[^]*int\("x"\)[^]*ValueError: invalid literal/
        )
      },
      duration_ms: ms,
      queued_ms: ms,
      attempt: 1,
      truncated: false
    }
  ]);
  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed'
  ]);
});

test('every way to run a cell gives one event', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'ways', [
    code('"button"'),
    code('"control"'),
    code('"shift"'),
    code('"alt"'),
    code('"menu"'),
    code('"command"'),
    code('"edit"')
  ]);
  let count = 0;
  const ran = async (source: string): Promise<void> => {
    count += 1;
    const runs = await lesson.captured('cell_executed', count);
    expect(runs.at(-1)).toMatchObject({ code: source, status: 'ok' });
  };

  await lesson.select(0);
  await lesson.panel
    .getByRole('button', { name: 'Run this cell and advance' })
    .click();
  await ran('"button"');
  await lesson.run(1);
  await ran('"control"');
  await lesson.select(2);
  await page.keyboard.press('Shift+Enter');
  await ran('"shift"');
  await lesson.edit(6);
  await page.keyboard.press('Shift+Enter');
  await ran('"edit"');
  await lesson.select(4);
  await lesson.menu('Run', 'Run Selected Cell');
  await ran('"menu"');
  await lesson.select(5);
  await lesson.execute('notebook:run-cell');
  await ran('"command"');
  await lesson.select(3);
  await page.keyboard.press('Alt+Enter');
  await ran('"alt"');

  // Shift+Enter in the last cell and Alt+Enter each added an empty one.
  await page.keyboard.press('Escape');
  await lesson.runAll();
  const runs = await lesson.captured('cell_executed', count + 7);
  expect(runs.slice(count).map(run => [run.code, run.attempt])).toEqual(
    ['button', 'control', 'shift', 'alt', 'menu', 'command', 'edit'].map(
      name => [`"${name}"`, 2]
    )
  );
  expect(await lesson.history()).toHaveLength(1 + count + 7);
});

test('an error in cell 2 of 5 under Run All is one error and three aborted', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'halted', [
    code('"first"'),
    code(`${gate('halted')}\n1 / 0`),
    code('"third"'),
    code('"fourth"'),
    code('"fifth"')
  ]);

  await lesson.runAllThrough('halted', 5);

  const runs = await lesson.captured('cell_executed', 5);
  expect(
    runs.map(run => [
      run.cell_index,
      run.status,
      run.success,
      run.execution_count
    ])
  ).toEqual([
    [0, 'ok', true, 1],
    [1, 'error', false, 2],
    [2, 'aborted', false, null],
    [3, 'aborted', false, null],
    [4, 'aborted', false, null]
  ]);
  expect(runs[1].error).toMatchObject({
    name: 'ZeroDivisionError',
    value: 'division by zero'
  });
  for (const aborted of runs.slice(2)) {
    expect(aborted).toMatchObject({ error: null, output: '', duration_ms: 0 });
  }
});

test('empty, markdown and raw cells give no run', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'nothing', [
    code(''),
    code(' \n\t\n'),
    markdown('# Text'),
    { ...markdown('raw'), cell_type: 'raw' },
    code('# only a comment'),
    code('"marker"')
  ]);

  await lesson.run(0);
  await lesson.run(2);
  await lesson.runAll();

  const runs = await lesson.captured('cell_executed', 2);
  expect(runs.map(run => run.cell_index)).toEqual([4, 5]);
  expect(await lesson.history()).toHaveLength(3);
});

test('a cell run twice in a hurry is two runs', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'hurry', [
    code(gate('hurry')),
    code('"marker"')
  ]);

  await lesson.run(0);
  await page.keyboard.press('ControlOrMeta+Enter');
  await lesson.open('hurry');
  await lesson.run(1);

  const runs = await lesson.captured('cell_executed', 3);
  expect(
    runs.map(run => [
      run.cell_index,
      run.status,
      run.attempt,
      run.execution_count
    ])
  ).toEqual([
    [0, 'ok', 1, 1],
    [0, 'ok', 2, 2],
    [1, 'ok', 1, 3]
  ]);
});

test('a run that ends after the student moved to another tab is counted', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'behind', [
    code(gate('behind')),
    code('"queued"')
  ]);

  await lesson.runAll();
  await lesson.reached('behind');
  await server.write('elsewhere.txt', 'text');
  await lesson.execute('docmanager:open', { path: 'elsewhere.txt' });
  await expect(lesson.panel).toBeHidden();
  await lesson.open('behind');

  const runs = await lesson.captured('cell_executed', 2);
  expect(runs[0]).toMatchObject({
    status: 'ok',
    output: 'at behind\nthrough behind\n'
  });
  expect(runs[1]).toMatchObject({ status: 'ok', output: "'queued'\n" });
});
