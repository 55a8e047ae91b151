import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { code, flagged, markdown, plain, type ICell } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { inOrder, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import type { Server } from '../support/server';

const SOLUTION = '<details><summary>Solution</summary>\n\nx\n\n</details>';

/** A course's notebook in an older format, or in 4.5. */
function lesson(
  cells: ICell[],
  minor: number,
  id: (index: number) => string | undefined = () => undefined
): string {
  const notebook = flagged(cells);
  return JSON.stringify({
    ...notebook,
    nbformat_minor: minor,
    cells: notebook.cells.map((cell, i) => ({ ...cell, id: id(i) }))
  });
}

interface ISavedCell {
  readonly id?: string;
  readonly source: string[] | string;
  readonly metadata: { readonly ipynb_telemetry_id?: string };
}

async function savedCells(server: Server, path: string): Promise<ISavedCell[]> {
  const text = await readFile(join(server.root, path), 'utf8');
  return (JSON.parse(text) as { cells: ISavedCell[] }).cells;
}

/** The ids told of a student's runs and peeks, by notebook. */
async function toldIds(
  server: Server,
  notebook: string,
  count: number
): Promise<unknown[]> {
  await expect
    .poll(async () => (await cellEvents(server, notebook)).length)
    .toBe(count);
  return cellEvents(server, notebook);
}

async function cellEvents(
  server: Server,
  notebook: string
): Promise<unknown[]> {
  const events = inOrder(await server.events({ notebook }));
  return events
    .filter(({ event }) => /^(cell_executed|solution_peek)$/.test(event))
    .map(({ properties }) => properties.cell_id);
}

for (const [minor, stray] of [
  // `cells.spec.ts` has the formats between, on JupyterLab's own model.
  [0, false],
  [4, true],
  [5, true]
] as const) {
  const what = `format 4.${minor}${stray ? ' with ids' : ''}`;
  test(`a cell of ${what} has one id, for two visits and another student`, async ({
    page,
    browser,
    server
  }) => {
    const name = `cellids-${minor}${stray ? '-ids' : ''}`;
    const file = lesson(
      [markdown(SOLUTION), code('1'), code('1')],
      minor,
      stray ? i => `id-${i}` : undefined
    );
    /** Open, run both cells and peek. */
    const visit = async (at: NotebookPage): Promise<void> => {
      await at.runAll();
      await expect(at.cell(2).locator('.jp-InputPrompt')).toHaveText(/\[\d+\]/);
      await at.cell(0).locator('summary').click();
    };
    await server.write(`${name}.ipynb`, file);
    const first = await NotebookPage.open(page, server, `${name}.ipynb`);
    await first.enterName('Ann', 'Lee');
    await visit(first);
    const ids = await toldIds(server, name, 3);
    expect(new Set(ids).size).toBe(3);
    if (minor === 5) {
      expect(ids).toEqual(['id-1', 'id-2', 'id-0']);
    }

    // Nothing of that was saved: what is derived once more is the same.
    await page.reload();
    await first.idle();
    await visit(first);
    expect(await toldIds(server, name, 6)).toEqual([...ids, ...ids]);
    await first.save();

    // The other student has a copy of the file as the course gave it out.
    await server.write(`mary/${name}.ipynb`, file);
    const context = await browser.newContext();
    const mary = await NotebookPage.open(
      await context.newPage(),
      server,
      `mary/${name}.ipynb`
    );
    await mary.enterName('Mary', 'Major');
    await visit(mary);
    expect(await toldIds(server, name, 9)).toEqual([...ids, ...ids, ...ids]);
    await context.close();

    const saved = await savedCells(server, `${name}.ipynb`);
    const [one, two, solution] = ids;
    expect(saved.map(cell => cell.metadata.ipynb_telemetry_id)).toEqual(
      minor === 5 ? [undefined, undefined, undefined] : [solution, one, two]
    );
  });
}

test('cells keep their ids through inserting, splitting, copying, moving and saving', async ({
  page,
  server
}) => {
  const path = 'cellids-kept.ipynb';
  const notebook = 'cellids-kept';
  await server.write(
    path,
    lesson(
      [
        code('a = 1\nb = 2'),
        code('assert True', {
          metadata: {
            nbgrader: { grade: true, grade_id: 'test-1', solution: false }
          }
        }),
        code('"last"')
      ],
      4
    )
  );
  await NotebookPage.open(page, server, path);
  const opened = new Lesson(page, server, path);
  await opened.enterName('Ann', 'Lee');
  await opened.runAll();
  const [first, test1, last] = await toldIds(server, notebook, 3);
  expect(test1).toBe('test-1');

  // The test is copied above itself, the first cell is split, the last one moved up.
  await opened.select(1);
  await page.keyboard.press('c');
  await opened.execute('notebook:paste-cell-above');
  await expect(opened.panel.locator('.jp-Notebook-cell')).toHaveCount(4);
  await opened.edit(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('ControlOrMeta+Shift+Minus');
  await expect(opened.panel.locator('.jp-Notebook-cell')).toHaveCount(5);
  await opened.select(4);
  await page.keyboard.press('ControlOrMeta+Shift+ArrowUp');
  await expect(opened.cell(3)).toContainText('last');
  await opened.edit(3);
  await page.keyboard.type(' + "!"');
  await opened.save();
  await opened.runAll();
  const ids = (await toldIds(server, notebook, 8)).slice(3);
  // Of the halves, the one in which JupyterLab leaves the output is the cell that was split.
  expect(ids.slice(0, 2)).toContain(first);
  expect(ids.slice(3)).toEqual([last, test1]);
  expect(new Set([...ids, first, test1, last]).size).toBe(5);

  const saved = await savedCells(server, path);
  expect(saved.map(cell => cell.metadata.ipynb_telemetry_id)).toEqual(ids);
  expect(saved.map(cell => cell.id)).toEqual(ids.map(() => undefined));

  await page.reload();
  await opened.idle();
  await opened.runAll();
  expect((await toldIds(server, notebook, 13)).slice(8)).toEqual(ids);
  // nbgrader's test and its copy are both tests, and each run is told of its cell.
  expect(await opened.history()).toContain('test_passed');
});

test('a notebook that is not flagged is not written to', async ({
  page,
  server
}) => {
  const path = 'cellids-unflagged.ipynb';
  await server.write(
    path,
    JSON.stringify({ ...plain([code('1')]), nbformat_minor: 4 })
  );
  const opened = await NotebookPage.open(page, server, path);
  await opened.runToEnd(0);
  await opened.save();
  const [cell] = await savedCells(server, path);
  expect(cell.metadata).not.toHaveProperty('ipynb_telemetry_id');
});
