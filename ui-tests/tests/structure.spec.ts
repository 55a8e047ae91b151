import { code, flagged, plain } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';

test('cells added, moved, split, merged and pasted are found where they are', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'moved', [
    code('"a"'),
    code('"b"'),
    code('"left"\n"right"'),
    code('"up"'),
    code('"down"')
  ]);
  let count = 0;
  const ran = async (expected: object): Promise<unknown> => {
    const runs = await lesson.captured('cell_executed', ++count);
    expect(runs[count - 1]).toMatchObject({ status: 'ok', ...expected });
    return runs[count - 1].cell_id;
  };

  // Added above the first.
  await lesson.select(0);
  await page.keyboard.press('a');
  await lesson.edit(0);
  await page.keyboard.type('"new"');
  await page.keyboard.press('ControlOrMeta+Enter');
  const added = await ran({ code: '"new"', cell_index: 0, attempt: 1 });
  await lesson.run(1);
  await ran({ code: '"a"', cell_index: 1, cell_id: 'cell-0' });

  // Moved down by one.
  await lesson.select(0);
  await page.keyboard.press('ControlOrMeta+Shift+ArrowDown');
  await expect(lesson.cell(1)).toContainText('"new"');
  await lesson.run(1);
  await ran({ code: '"new"', cell_index: 1, cell_id: added, attempt: 2 });
  await lesson.run(0);
  await ran({ code: '"a"', cell_index: 0, attempt: 2 });

  // Split before its second line.
  await lesson.edit(3);
  await page.keyboard.press('Home');
  await page.keyboard.press('ControlOrMeta+Shift+Minus');
  await expect(lesson.cell(4)).toContainText('"right"');
  await page.keyboard.press('Escape');
  await lesson.run(3);
  const left = await ran({ code: '"left"', cell_index: 3 });
  await lesson.run(4);
  const right = await ran({ code: '"right"', cell_index: 4 });
  expect(left).not.toBe(right);

  // Merged with the cell below.
  await lesson.select(5);
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+M');
  await expect(lesson.cell(5)).toContainText('"up"');
  await expect(lesson.cell(6)).toHaveCount(0);
  await lesson.run(5);
  await ran({ code: '"up"\n\n"down"', cell_index: 5 });

  // Pasted below the first.
  await lesson.select(2);
  await page.keyboard.press('c');
  await lesson.select(0);
  await page.keyboard.press('v');
  await expect(lesson.cell(1)).toContainText('"b"');
  await lesson.run(1);
  const pasted = await ran({ code: '"b"', cell_index: 1, attempt: 1 });
  await lesson.run(3);
  const copied = await ran({ code: '"b"', cell_index: 3, attempt: 1 });
  expect(copied).toBe('cell-1');
  expect(pasted).not.toBe(copied);
});

test('500 cells under Run All are exactly 500 events', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(
    page,
    server,
    'many',
    Array.from({ length: 500 }, (_, index) => code(`${index}`))
  );

  await lesson.runAll();

  const runs = await lesson.captured('cell_executed', 500, 240_000);
  expect(runs.map(run => [run.cell_index, run.output, run.status])).toEqual(
    runs.map((_, index) => [index, `${index}\n`, 'ok'])
  );
  // The last is the active one; not sought, since JupyterLab may draw for a minute yet.
  await lesson.execute('notebook:run-cell');
  const all = await lesson.captured('cell_executed', 501);
  expect(all[500]).toMatchObject({ cell_index: 499, attempt: 2 });
  expect(await lesson.history()).toHaveLength(502);
});

test('one notebook in two views counts once', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'twoviews', [
    code('"one"'),
    code('"two"')
  ]);
  await lesson.execute('docmanager:clone');
  const views = page.locator('.jp-NotebookPanel');
  await expect(views).toHaveCount(2);
  const run = async (view: number, cell: number): Promise<void> => {
    await views
      .nth(view)
      .locator(`[data-windowed-list-index="${cell}"] .jp-InputPrompt`)
      .first()
      .click();
    await page.keyboard.press('ControlOrMeta+Enter');
  };

  await run(0, 0);
  await lesson.captured('cell_executed', 1);
  await run(1, 0);
  await lesson.captured('cell_executed', 2);
  await lesson.runAll();
  const runs = await lesson.captured('cell_executed', 4);
  expect(runs.map(({ code, attempt }) => [code, attempt])).toEqual([
    ['"one"', 1],
    ['"one"', 2],
    ['"one"', 3],
    ['"two"', 1]
  ]);

  // The session lives as long as any view.
  await lesson.execute('application:close');
  await expect(views).toHaveCount(1);
  await run(0, 1);
  await lesson.captured('cell_executed', 5);
  expect(await lesson.history()).toEqual([
    'session_started',
    ...Array<string>(5).fill('cell_executed')
  ]);
});

test('notebooks side by side are kept apart, and the one without flag is not seen', async ({
  page,
  server
}) => {
  await server.write('beside.ipynb', flagged([code('"beside"')]));
  await server.write(
    'unseen.ipynb',
    plain([code('"unseen", "STUDENT_ID" in dir()')])
  );
  const lesson = await Lesson.begin(page, server, 'first', [code('"first"')]);
  const beside = async (path: string): Promise<void> => {
    await lesson.execute('docmanager:open', { path });
    await lesson.idle();
    await page.keyboard.press('ControlOrMeta+Enter');
  };
  const second = new Lesson(page, server, 'beside.ipynb');

  await beside('unseen.ipynb');
  await expect(lesson.cell(0).locator('.jp-OutputArea-output')).toHaveText(
    "('unseen', False)"
  );
  await beside('beside.ipynb');
  expect(await second.captured('cell_executed', 1)).toMatchObject([
    { code: '"beside"', cell_index: 0 }
  ]);
  await lesson.execute('docmanager:open', { path: 'first.ipynb' });
  await page.keyboard.press('ControlOrMeta+Enter');
  expect(await lesson.captured('cell_executed', 1)).toMatchObject([
    { code: '"first"', cell_index: 0 }
  ]);

  const all = await server.events();
  expect(JSON.stringify(all)).not.toContain('unseen');
  await lesson.history();
  await second.history();
  const [one] = await server.events({ notebook: 'first' });
  const [two] = await server.events({ notebook: 'beside' });
  expect(one.properties.session_id).not.toBe(two.properties.session_id);
  expect(one.distinct_id).toBe(two.distinct_id);
});
