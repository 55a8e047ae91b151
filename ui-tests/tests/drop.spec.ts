import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { code, flagged, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import type { NotebookPage } from '../support/notebook';

/** Where something stands in the window, at its middle or `dx`, `dy` from its corner. */
async function at(
  target: Locator,
  dx?: number,
  dy?: number
): Promise<[number, number]> {
  const box = (await target.boundingBox())!;
  return [box.x + (dx ?? box.width / 2), box.y + (dy ?? box.height / 2)];
}

/** A real drag by the mouse; the browser's own begins when the text is selected. */
async function dragTo(
  page: Page,
  from: [number, number],
  to: [number, number]
): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(from[0] + 12, from[1] + 12, { steps: 4 });
  await page.mouse.move(...to, { steps: 8 });
  await page.mouse.move(to[0] + 1, to[1], { steps: 2 });
  await page.mouse.up();
}

function text(lesson: NotebookPage, index: number): Locator {
  return lesson.cell(index).locator('.cm-line').first();
}

test('text dragged from a cell or a solution is an internal paste by drop, a move is none', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'droptext', [
    code('ibis'),
    code(''),
    markdown('platypus')
  ]);
  await lesson.edit(0);
  await page.keyboard.press('ControlOrMeta+A');
  await dragTo(
    page,
    await at(text(lesson, 0), 12),
    await at(text(lesson, 1), 30)
  );
  await expect(text(lesson, 1)).toHaveText('ibis');

  // Out of a text that is only read.
  const shown = lesson.cell(2).locator('p');
  await shown.selectText();
  await dragTo(page, await at(shown, 20), await at(text(lesson, 1), 200));
  await expect(text(lesson, 1)).toHaveText('ibisplatypus');

  // Within its editor it is moved.
  await lesson.edit(0);
  await page.keyboard.type(' = 1');
  await page.keyboard.press('Shift+Home');
  await dragTo(
    page,
    await at(text(lesson, 0), 12),
    await at(text(lesson, 0), 300)
  );
  await expect(text(lesson, 0)).toHaveText('ibis = 1');

  expect(await lesson.captured('paste', 2)).toEqual([
    {
      length: 4,
      lines: 1,
      cell_id: 'cell-1',
      cell_index: 1,
      kind: 'text',
      internal: true,
      by: 'drop'
    },
    {
      length: 8,
      lines: 1,
      cell_id: 'cell-1',
      cell_index: 1,
      kind: 'text',
      internal: true,
      by: 'drop'
    }
  ]);
});

test('text and a file dragged in from outside of the page are no student’s own', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'dropoutside', [
    code('a = 1'),
    code('')
  ]);
  const browser = await page.context().newCDPSession(page);
  const drop = async (data: object): Promise<void> => {
    const [x, y] = await at(text(lesson, 1), 20);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await browser.send('Input.dispatchDragEvent', {
        type,
        x,
        y,
        data: { items: [], dragOperationsMask: 1, ...data }
      });
    }
  };
  await drop({
    items: [{ mimeType: 'text/plain', data: 'zebra = 1\nzebra' }]
  });
  await expect(lesson.cell(1)).toContainText('zebra = 1');
  await server.write('dropped.py', 'crossing = 12');
  await drop({ files: [`${server.root}/dropped.py`] });
  await expect(lesson.cell(1)).toContainText('crossing = 12');

  // A binary file is none, nor is what is typed after it.
  await server.write('dropped.bin', '\0\0\0\0');
  await drop({ files: [`${server.root}/dropped.bin`] });
  await lesson.edit(0);
  await page.keyboard.type('0');
  await drop({ files: [`${server.root}/dropped.bin`] });
  await page.keyboard.type('1');
  await lesson.run(0);
  await lesson.captured('cell_executed', 1);

  expect(await lesson.captured('paste', 2)).toMatchObject([
    { length: 15, lines: 2, kind: 'text', internal: false, by: 'drop' },
    { length: 13, lines: 1, kind: 'text', internal: false, by: 'drop' }
  ]);
  expect(JSON.stringify(await server.events())).not.toMatch(/zebra|crossing/);
});

test('cells and text dragged out of another notebook are each one internal paste by drop', async ({
  page,
  server
}) => {
  await server.write(
    'dropsource.ipynb',
    flagged([code('heron = 1\nheron'), code('egret'), code('crane')])
  );
  const lesson = await Lesson.begin(page, server, 'dropcells', [
    code('stork'),
    code('')
  ]);
  await lesson.execute('docmanager:open', {
    path: 'dropsource.ipynb',
    options: { mode: 'split-right' }
  });
  const panels = page.locator('.jp-NotebookPanel:visible');
  const [left, right] = ['stork', 'crane'].map(hasText =>
    panels.filter({ hasText })
  );
  await expect(panels).toHaveCount(2);
  await lesson.execute('notebook:enter-command-mode');
  const cellOf = (panel: Locator, index: number): Locator =>
    panel.locator(`.jp-Notebook-cell[data-windowed-list-index="${index}"]`);
  const prompt = (panel: Locator, index: number): Locator =>
    cellOf(panel, index).locator('.jp-InputPrompt');

  // Two cells at once, between the two of the other notebook.
  await prompt(right, 0).click();
  await prompt(right, 1).click({ modifiers: ['Shift'] });
  await expect(right.locator('.jp-Notebook-cell.jp-mod-selected')).toHaveCount(
    2
  );
  await dragTo(
    page,
    await at(prompt(right, 0)),
    await at(cellOf(left, 1), 30, 6)
  );
  await expect(cellOf(left, 1)).toContainText('heron = 1');
  await expect(cellOf(left, 2)).toContainText('egret');
  await expect(left.locator('.jp-Notebook-cell')).toHaveCount(4);

  // A piece of text, from editor to editor.
  await cellOf(right, 2).locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+A');
  const empty = cellOf(left, 3).locator('.cm-line').first();
  await dragTo(
    page,
    await at(cellOf(right, 2).locator('.cm-line').first(), 12),
    await at(empty, 30)
  );
  await expect(empty).toHaveText('crane');

  await prompt(left, 0).click();
  await lesson.execute('docmanager:save');
  // JupyterLab leaves dragged cells their ids, which cells here have too: those keep them.
  const file = await readFile(`${server.root}/dropcells.ipynb`, 'utf8');
  const { cells } = JSON.parse(file) as {
    cells: Array<{ metadata: { ipynb_telemetry_id?: string } }>;
  };
  const kept = cells.map(({ metadata }) => metadata.ipynb_telemetry_id);
  expect(new Set(kept).size).toBe(4);
  expect([kept[0], kept[3]]).toEqual(['cell-0', 'cell-1']);
  expect(await lesson.captured('paste', 2)).toEqual([
    {
      length: 21,
      lines: 3,
      cell_id: kept[1],
      cell_index: 1,
      kind: 'cells',
      internal: true,
      by: 'drop'
    },
    {
      length: 5,
      lines: 1,
      cell_id: 'cell-1',
      cell_index: 3,
      kind: 'text',
      internal: true,
      by: 'drop'
    }
  ]);
  const source = { notebook: 'dropsource', type: 'paste' };
  expect(await server.events(source)).toEqual([]);
});
