import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { code, flagged, markdown, plain } from '../support/cells';
import { listenToConsole } from '../support/console';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

/** The names of events, in the order they were captured. */
function story(events: { event: string }[]): string[] {
  return events.map(({ event }) => event);
}

test('malformed metadata gives one warning that names file and field, and nothing is tracked', async ({
  page,
  server
}) => {
  const malformed: [unknown, string][] = [
    ['yes', 'ipynb_telemetry must be an object'],
    [{ enabled: 'true' }, 'ipynb_telemetry.enabled must be true or false'],
    [{ enabled: true, notebook: 7 }, 'ipynb_telemetry.notebook must be a text'],
    [
      { enabled: true, notebook: 'a/b' },
      'ipynb_telemetry.notebook must not contain slashes or control characters'
    ],
    [
      { enabled: true, notebook: 'm', host: 'https://evil.example' },
      'ipynb_telemetry.host is not known'
    ],
    [
      { enabled: true, projectKey: 'phc_evil' },
      'ipynb_telemetry.projectKey is not known'
    ],
    [
      { enabled: true, student: 'EVE_EVIL' },
      'ipynb_telemetry.student is not known'
    ]
  ];
  const cells = [code('print("ran")')];
  await server.write('malformed/good.ipynb', flagged(cells, 'good'));
  const warnings = listenToConsole(page, 'warning');

  const good = await NotebookPage.open(page, server, 'malformed/good.ipynb');
  await good.enterName('Mal', 'Formed');
  for (const [index, [ipynb_telemetry]] of malformed.entries()) {
    const path = `malformed/bad${index}.ipynb`;
    await server.write(path, plain(cells, { ipynb_telemetry }));
    const bad = await good.openBeside(path);
    await bad.runToEnd(0);
  }
  await good.openBeside('malformed/good.ipynb');
  await good.run(0);

  const events = await waitForEvents(
    server,
    stored => stored.some(({ event }) => event === 'cell_executed'),
    { student: 'MAL_FORMED' }
  );
  expect(new Set(events.map(({ properties }) => properties.notebook))).toEqual(
    new Set(['good'])
  );
  expect(warnings.filter(text => text.startsWith('ipynb-telemetry'))).toEqual(
    malformed.map(
      ([, problem], index) =>
        `ipynb-telemetry: telemetry is off for malformed/bad${index}.ipynb: ${problem}`
    )
  );
});

test('the command turns telemetry on, off in every view at once, and on again', async ({
  page,
  server
}) => {
  const student = { student: 'TOGGLE_TURNER' };
  await server.write(
    'toggle.ipynb',
    plain([
      markdown('<details><summary>Solution</summary>42</details>'),
      code('print("ran")')
    ])
  );
  const notebook = await NotebookPage.open(page, server, 'toggle.ipynb');

  await notebook.palette('Student Telemetry in This Notebook');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox')).toHaveValue('toggle');
  await dialog.getByRole('textbox').fill('Lesson 1');
  await dialog.getByRole('button', { name: 'Turn On' }).click();
  await notebook.preview();
  await notebook.enterName('Toggle', 'Turner');
  await notebook.menu('File', 'New View for Notebook');
  await expect(page.locator('.jp-NotebookPanel:visible')).toHaveCount(2);
  const [, second] = await page.locator('.jp-NotebookPanel:visible').all();
  await second.locator('summary').click();
  await waitForEvents(server, stored => stored.length === 2, student);

  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'session_ended',
    student
  );
  for (const view of await page.locator('.jp-NotebookPanel:visible').all()) {
    await view.locator('summary').click();
    await view.locator('.jp-CodeCell .jp-InputPrompt').click();
    await page.keyboard.press('ControlOrMeta+Enter');
  }
  await expect(second.locator('.jp-CodeCell')).toContainText('[2]:');
  await expect(notebook.statusItem).toBeHidden();

  await notebook.palette('Student Telemetry in This Notebook');
  await expect(dialog.getByRole('textbox')).toHaveValue('Lesson 1');
  await dialog.getByRole('button', { name: 'Turn On' }).click();
  await second.locator('.jp-CodeCell .jp-InputPrompt').click();
  await page.keyboard.press('ControlOrMeta+Enter');

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'cell_executed',
    student
  );
  expect(
    events.map(({ event, properties: { notebook, seq } }) => [
      event,
      notebook,
      seq
    ])
  ).toEqual([
    ['session_started', 'Lesson 1', 1],
    ['solution_peek', 'Lesson 1', 2],
    ['solution_closed', 'Lesson 1', 3],
    ['session_ended', 'Lesson 1', 4],
    ['session_started', 'Lesson 1', 1],
    ['cell_executed', 'Lesson 1', 2]
  ]);
  expect(events.at(-1)?.properties.attempt).toBe(1);
});

test('a flag that is removed stops everything at once', async ({
  page,
  server
}) => {
  const cells = [code('print("ran")')];
  const student = { student: 'REMOVED_FLAG' };
  await server.write('removed.ipynb', flagged(cells));
  await server.write('removed-marker.ipynb', flagged(cells));
  const notebook = await NotebookPage.open(page, server, 'removed.ipynb');
  await notebook.enterName('Removed', 'Flag');
  // The kernel's language comes into the notebook.
  await expect(notebook.tab).toHaveClass(/jp-mod-dirty/);
  await notebook.save();

  await server.write('removed.ipynb', plain(cells));
  await notebook.menu('File', 'Reload Notebook from Disk');
  await expect(notebook.statusItem).toBeHidden();
  await notebook.runToEnd(0);
  const marker = await notebook.openBeside('removed-marker.ipynb');
  await marker.run(0);

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'cell_executed',
    student
  );
  const removed = events.filter(
    ({ properties }) => properties.notebook === 'removed'
  );
  expect(story(removed)).toEqual(['session_started', 'session_ended']);
});

test('opening a flagged notebook never makes it dirty', async ({
  context,
  server
}) => {
  const path = 'clean.ipynb';
  const file = join(server.root, path);
  await server.write(path, flagged([code('STUDENT_ID')], 'clean'));
  // Saved once, so that the file is what JupyterLab itself would write, with
  // the `language_info` that only a kernel knows.
  const first = await context.newPage();
  const author = await NotebookPage.open(first, server, path);
  await author.enterName('Clean', 'File');
  await expect(author.tab).toHaveClass(/jp-mod-dirty/);
  await author.save();
  await first.evaluate(() => localStorage.clear());
  await first.close();
  const before = await readFile(file);

  const page = await context.newPage();
  let ready = false;
  page.on('websocket', socket =>
    socket.on('framereceived', ({ payload }) => {
      ready ||= payload.toString().includes('"ready"');
    })
  );
  const notebook = await NotebookPage.open(page, server, path);
  await notebook.enterName('Clean', 'Reader');
  await waitForEvents(server, stored => stored.length === 1, {
    student: 'CLEAN_READER'
  });
  await expect.poll(() => ready).toBe(true);
  await expect(notebook.tab).not.toHaveClass(/jp-mod-dirty/);
  expect(await readFile(file)).toEqual(before);
  await notebook.save();
  expect((await readFile(file)).toString()).toBe(before.toString());

  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText("'CLEAN_READER'");
  await expect(notebook.tab).toHaveClass(/jp-mod-dirty/);
});
