import type { Page } from '@playwright/test';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { labSince } from '../support/jupyterlab';
import { Lesson } from '../support/lesson';
import type { Server } from '../support/server';

/** Copy outside of JupyterLab. */
async function copyElsewhere(page: Page, text: string): Promise<void> {
  await page.evaluate(value => navigator.clipboard.writeText(value), text);
}

/** Everything the server has written, its database and log included. */
async function writtenBy(server: Server): Promise<string> {
  const folder = join(server.root, '..');
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names
    .filter(entry => entry.isFile())
    .map(entry => join(entry.path, entry.name))
    .filter(path => !path.startsWith(server.root));
  expect(files).toContainEqual(expect.stringMatching(/\.(db|sqlite3?)$/));
  const texts = await Promise.all(
    // The database takes its journal away when it is done with it.
    files.map(file => readFile(file, 'latin1').catch(() => ''))
  );
  return texts.join('\n');
}

test('pasted text is told by its length, never by itself', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'texts', [
    code(''),
    code('zebra = "crossing"'),
    code('')
  ]);
  const secret = 'platypus = 1\nplatypus += 1\nplatypus';

  await copyElsewhere(page, secret);
  await lesson.edit(0);
  await page.keyboard.press('ControlOrMeta+V');
  await expect(lesson.cell(0)).toContainText('platypus += 1');
  await lesson.edit(1);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  await lesson.edit(2);
  await page.keyboard.press('ControlOrMeta+V');
  await expect(lesson.cell(2)).toContainText('zebra');
  // The same text from elsewhere is the same text.
  await copyElsewhere(page, 'x');
  await page.keyboard.press('ControlOrMeta+V');

  expect(await lesson.captured('paste', 3)).toEqual([
    {
      length: secret.length,
      lines: 3,
      cell_id: 'cell-0',
      cell_index: 0,
      kind: 'text',
      internal: false,
      by: 'paste'
    },
    {
      length: 18,
      lines: 1,
      cell_id: 'cell-2',
      cell_index: 2,
      kind: 'text',
      internal: true,
      by: 'paste'
    },
    {
      length: 1,
      lines: 1,
      cell_id: 'cell-2',
      cell_index: 2,
      kind: 'text',
      internal: false,
      by: 'paste'
    }
  ]);
  expect(await lesson.history()).toEqual([
    'session_started',
    ...Array<string>(3).fill('paste')
  ]);
  expect(JSON.stringify(await server.events())).not.toMatch(/platypus|zebra/);
  const written = await writtenBy(server);
  expect(written).toContain('texts');
  expect(written).not.toMatch(/platypus|zebra/);
});

test('text cut in one notebook and pasted in another is the student’s own', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'source', [code('ibis')]);
  await lesson.edit(0);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+X');
  await page.keyboard.press('ControlOrMeta+V');
  await lesson.captured('paste', 1);

  await server.write('target.ipynb', flagged([code('')]));
  const target = new Lesson(page, server, 'target.ipynb');
  await lesson.execute('docmanager:open', { path: target.path });
  await target.captured('session_started', 1);
  await target.edit(0);
  await page.keyboard.press('ControlOrMeta+V');

  expect(await target.captured('paste', 1)).toMatchObject([
    { length: 4, kind: 'text', internal: true }
  ]);
  expect(await lesson.captured('paste', 1)).toMatchObject([
    { length: 4, kind: 'text', internal: true }
  ]);
});

const PASTES_TEXT_BY_MENU = labSince(4, 6);

/** Choose from the context menu of a cell's editor. */
async function chooseInEditor(
  lesson: Lesson,
  cell: number,
  item: string
): Promise<void> {
  await lesson.cell(cell).locator('.cm-content').click({ button: 'right' });
  await lesson.menuItem(item).click();
}

test('the context menu pastes cells too', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'cellmenus', [
    code('gnu = 1\ngnu')
  ]);

  await lesson.edit(0);
  await lesson.cell(0).locator('.cm-content').click({ button: 'right' });
  await expect(
    page.locator('.lm-Menu-itemLabel').filter({ hasText: 'Paste' })
  ).toHaveText([
    'Paste Cell Below',
    ...(PASTES_TEXT_BY_MENU ? ['Paste Text'] : [])
  ]);
  await page.keyboard.press('Escape');
  await chooseInEditor(lesson, 0, 'Copy Cell');
  await chooseInEditor(lesson, 0, 'Paste Cell Below');
  await expect(lesson.cell(1)).toContainText('gnu');

  expect(await lesson.captured('paste', 1)).toMatchObject([
    { length: 11, lines: 2, kind: 'cells', internal: true }
  ]);
});

if (PASTES_TEXT_BY_MENU) {
  test('the context menu pastes text too', async ({ page, server }) => {
    const lesson = await Lesson.begin(page, server, 'menus', [
      code('gnu = 1\ngnu'),
      code('')
    ]);

    await lesson.edit(1);
    await copyElsewhere(page, 'one\ntwo');
    await chooseInEditor(lesson, 1, 'Paste Text');
    await expect(lesson.cell(1)).toContainText('two');
    await lesson.captured('paste', 1);
    await lesson.edit(0);
    await page.keyboard.press('ControlOrMeta+A');
    await chooseInEditor(lesson, 0, 'Cut Selected Text');
    await expect(lesson.cell(0)).not.toContainText('gnu');
    await chooseInEditor(lesson, 0, 'Paste Text');

    expect(await lesson.captured('paste', 2)).toMatchObject([
      { length: 7, lines: 2, cell_id: 'cell-1', kind: 'text', internal: false },
      { length: 11, lines: 2, cell_id: 'cell-0', kind: 'text', internal: true }
    ]);
  });
}

test('text is not pasted in command mode; cells are', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'cells', [
    code('ocelot = 1'),
    code('lemur = 2\nlemur'),
    code('"last"')
  ]);

  await copyElsewhere(page, 'not inserted');
  await lesson.select(0);
  await page.keyboard.press('ControlOrMeta+V');
  await page.keyboard.press('c');
  await lesson.select(2);
  await page.keyboard.press('v');
  await expect(lesson.cell(3)).toContainText('ocelot');
  await lesson.captured('paste', 1);

  // Two at once, by the menu.
  await lesson.select(0);
  await page.keyboard.press('Shift+ArrowDown');
  await lesson.menu('Edit', 'Copy Cells');
  await lesson.select(2);
  await lesson.menu('Edit', 'Paste Cell Above');
  await expect(lesson.cell(3)).toContainText('lemur');
  const ids = await page.evaluate(() =>
    (
      window.jupyterapp.shell.currentWidget as unknown as {
        content: { widgets: Array<{ model: { id: string } }> };
      }
    ).content.widgets.map(cell => cell.model.id)
  );

  expect(await lesson.captured('paste', 2)).toEqual([
    {
      length: 10,
      lines: 1,
      cell_id: ids[5],
      cell_index: 3,
      kind: 'cells',
      internal: true,
      by: 'paste'
    },
    {
      length: 26,
      lines: 3,
      cell_id: ids[2],
      cell_index: 2,
      kind: 'cells',
      internal: true,
      by: 'paste'
    }
  ]);
  // Neither adding nor undoing is pasting.
  const cells = lesson.panel.locator('.jp-Notebook-cell');
  await page.keyboard.press('b');
  await expect(cells).toHaveCount(7);
  // What follows within half a second of it is undone with it.
  await lesson.menu('Edit', 'Undo Cell Operation');
  await expect(cells).not.toHaveCount(7);
  await lesson.run(2);
  await lesson.captured('cell_executed', 1);
  expect(await lesson.history()).toHaveLength(4);
});
