import { code, flagged, markdown, plain } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

test.use({ serverOptions: { app: 'notebook' } });

test('Notebook 7 asks, tracks and shows the same', async ({ page, server }) => {
  await server.write(
    'seven.ipynb',
    flagged(
      [
        markdown('<details><summary>Solution</summary>42</details>'),
        code('print(STUDENT_ID)'),
        code('@tracked_test("holds")\ndef holds(): pass\nholds()')
      ],
      'seven'
    )
  );
  const notebook = await NotebookPage.open(page, server, 'seven.ipynb');
  await notebook.decline();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await notebook.statusItem.click();
  await notebook.enterName('Note', 'Book');
  await expect(notebook.statusItem).toHaveText(
    'NOTE-BOOK · telemetry on, kept on this computer'
  );

  await notebook.run(1);
  await expect(notebook.cell(1)).toContainText('NOTE_BOOK');
  await notebook.run(2);
  await expect(notebook.cell(2)).toContainText('TEST PASSED: holds');
  await notebook.cell(0).locator('summary').click();
  await notebook.edit(1);
  await page.evaluate(() => navigator.clipboard.writeText('# one\n# two'));
  await page.keyboard.press('ControlOrMeta+V');
  await expect(notebook.cell(1)).toContainText('# two');
  for (const hidden of [true, false]) {
    await page.evaluate(value => {
      Object.defineProperty(document, 'hidden', {
        configurable: true,
        value
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await waitForEvents(
      server,
      events => events.at(-1)?.event === (hidden ? 'blur' : 'focus'),
      { notebook: 'seven' }
    );
  }

  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel.getByRole('listitem')).toContainText([
    'Came back to the notebook',
    'Left the notebook',
    'Pasted 11 characters',
    'Opened “Solution”',
    'Ran cell [2]',
    'Test passed: holds',
    'Ran cell [1]',
    'Started working'
  ]);
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await expect(notebook.statusItem).toBeHidden();

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'session_ended',
    { notebook: 'seven' }
  );
  expect(
    events.map(({ event, properties }) => [event, properties.seq])
  ).toEqual([
    ['session_started', 1],
    ['cell_executed', 2],
    ['test_passed', 3],
    ['cell_executed', 4],
    ['solution_peek', 5],
    ['paste', 6],
    ['blur', 7],
    ['focus', 8],
    ['solution_closed', 9],
    ['session_ended', 10]
  ]);
  expect(new Set(events.map(({ distinct_id }) => distinct_id))).toEqual(
    new Set(['NOTE_BOOK'])
  );
  const [started, , , , peek, paste, blur] = events.map(
    ({ properties }) => properties
  );
  expect(started).toMatchObject({
    app: 'notebook',
    app_version: expect.stringMatching(/^7\./),
    kernel: 'python3',
    language: 'python',
    cell_count: 3
  });
  expect(peek).toMatchObject({ cell_id: 'cell-0', summary: 'Solution' });
  expect(paste).toMatchObject({
    cell_id: 'cell-1',
    kind: 'text',
    length: 11,
    lines: 2
  });
  expect(JSON.stringify(paste)).not.toContain('# one');
  expect(blur.reason).toBe('page_hidden');
});

test('Notebook 7 leaves an unflagged notebook alone', async ({
  page,
  server
}) => {
  await server.write('seven-off.ipynb', plain([code('6 * 7')]));
  const notebook = await NotebookPage.open(page, server, 'seven-off.ipynb');
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText('42');
  await expect(notebook.namePrompt).toBeHidden();
  await expect(notebook.statusItem).toBeHidden();

  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Turn On' }).click();
  await notebook.preview();
  await notebook.enterName('Seven', 'Off');
  await notebook.run(0);
  const events = await waitForEvents(server, ({ length }) => length === 2, {
    student: 'SEVEN_OFF'
  });
  expect(events.map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed'
  ]);
  expect(events[1].properties).toMatchObject({
    notebook: 'seven-off',
    attempt: 1,
    execution_count: 2
  });
});
