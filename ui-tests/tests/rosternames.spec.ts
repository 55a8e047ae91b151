// Names from a roster: how students find their own.
import { expectNoViolation } from '../support/accessibility';
import { flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import {
  keepClass,
  keepRoster,
  RosterDialog,
  WHO_CELL
} from '../support/roster';

test('a student finds their name with the keyboard, and is who the roster says', async ({
  page,
  startServer
}, testInfo) => {
  test.slow();
  const server = await startServer();
  await keepRoster(server, 'names', testInfo);
  await server.write('names.ipynb', flagged([WHO_CELL], 'names'));
  const urls: string[] = [];
  page.on('request', request => urls.push(request.url()));
  const notebook = await NotebookPage.open(page, server, 'names.ipynb');
  const form = new RosterDialog(page);
  await expect(form.names).toBeFocused();
  await expect(form.names).toHaveAccessibleDescription(
    /Type at least two letters of your name\. Your course records/
  );
  await page.keyboard.type('MAR');
  // Nobody of staff; words begin alike in whatever letters.
  await expect(form.options).toHaveText([
    'Mary RoeA',
    'Mark RoeB',
    'Mariam Hassan'
  ]);
  await expect(form.names).toHaveAttribute('aria-expanded', 'true');
  await expect(form.status).toContainText('3 names');
  await page.keyboard.press('ArrowDown');
  await expect(form.options.first()).toHaveAttribute('aria-selected', 'true');
  await expectNoViolation(page, '.jp-ipynb-telemetry-Dialog');
  await page.screenshot({ path: testInfo.outputPath('list-dark.png') });
  await page.keyboard.press('Escape');
  await expect(form.options).toHaveCount(0);
  await expect(form.dialog).toBeVisible();

  // Two of one name are told apart by their groups.
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('kim li');
  await expect(form.options).toHaveText(['Kim LimA', 'Kim LimB']);
  await page.keyboard.press('Enter');
  await expect(form.names).toHaveAccessibleDescription(
    /^Choose your name from the list/
  );
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(form.status).toHaveText(
    'You will appear as \u2068Kim Lim, B\u2069'
  );
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeHidden();
  await expect(notebook.statusItem).toHaveText(
    'Kim Lim \u00b7 telemetry on, kept on this computer'
  );
  await notebook.runToEnd(0);
  await expect(notebook.cell(0)).toContainText("('Kim Lim', 's1004')");
  const events = await waitForEvents(
    server,
    stored => stored.some(({ event }) => event === 'cell_executed'),
    { consents: true }
  );
  expect(new Set(events.map(({ distinct_id }) => distinct_id))).toEqual(
    new Set(['s1004'])
  );
  expect(urls.join('\n')).not.toMatch(/kim/i);

  // Known after a reload; where another student takes over, the name stands there.
  await page.reload();
  await expect(notebook.statusItem).toContainText('Kim Lim');
  await page.evaluate(() => {
    void window.jupyterapp.commands.execute(
      'ipynb-telemetry:change-student',
      {}
    );
  });
  await expect(form.names).toHaveValue('Kim Lim');
  await expect(form.dialog).toContainText(
    'At the moment the work of \u2068Kim Lim\u2069 is recorded'
  );
  await form.names.fill('mark');
  await form.options.click();
  await form.start();
  await expect(notebook.statusItem).toContainText('Mark Roe');
  await waitForEvents(server, stored =>
    stored.some(({ distinct_id }) => distinct_id === 's1002')
  );
});

test('who is not in the list gives a name as without one', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer();
  await keepRoster(server, 'names', testInfo);
  await server.write('unlisted.ipynb', flagged([WHO_CELL], 'unlisted'));
  const notebook = await NotebookPage.open(page, server, 'unlisted.ipynb', {
    kernel: false
  });
  const form = new RosterDialog(page);
  await form.names.fill('Zoe');
  await expect(form.status).toContainText('No name in your class begins');
  await form.dialog.getByLabel('I am not in the list').check();
  await notebook.enterName('Zoe', 'Fox');
  const [started] = await waitForEvents(server, ({ length }) => length > 0);
  expect(started.distinct_id).toBe('ZOE_FOX');
});

test('a name of one letter is found, and so is the ninth of one name', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer();
  const namesakes = Array.from(
    { length: 9 },
    (_, index) => `k${index + 1},Kim Lim,Lab ${index + 1}`
  );
  const rows = [
    'id,name,group',
    ...namesakes,
    'l1,李,A',
    'y1,Y,B',
    'y2,Yves,B'
  ];
  await keepClass(server, `${rows.join('\n')}\n`, 'names', testInfo);
  await server.write('namesakes.ipynb', flagged([WHO_CELL], 'namesakes'));
  await NotebookPage.open(page, server, 'namesakes.ipynb', { kernel: false });
  const form = new RosterDialog(page);
  await form.names.fill('李');
  await expect(form.options).toHaveText(['李A']);
  await form.names.fill('y');
  await expect(form.options).toHaveText(['YB']);
  await form.names.fill('K');
  await expect(form.options).toHaveCount(0);
  await expect(form.status).toHaveText(
    'Type at least two letters of your name.'
  );

  await form.names.fill('kim lim');
  await expect(form.options).toHaveCount(8);
  await expect(form.status).toHaveText(
    'More names begin like that than are listed. Is yours not among them? Type more of your name and then your group.'
  );
  await form.names.fill('kim lim lab 9');
  await expect(form.options).toHaveText(['Kim LimLab 9']);
  await form.options.click();
  await form.start();
  const [started] = await waitForEvents(server, ({ length }) => length > 0);
  expect(started.distinct_id).toBe('k9');
});

test('a server that sends asks the class collector for the roster', async ({
  page,
  startCollector,
  startServer
}, testInfo) => {
  const collector = await startCollector();
  const ofClass = ['--database', collector.database];
  await keepRoster(collector, 'names', testInfo, ...ofClass);
  const server = await startServer({
    settings: {
      host: collector.url,
      projectKey: collector.classKey,
      relay: true
    },
    files: { 'relayed.ipynb': flagged([WHO_CELL], 'relayed') }
  });
  await NotebookPage.open(page, server, 'relayed.ipynb', { kernel: false });
  const form = new RosterDialog(page);
  await form.names.fill('mary r');
  await form.options.click();
  await form.start();
  await expect
    .poll(() => collector.events())
    .toEqual([['session_started', 's1001']]);
});
