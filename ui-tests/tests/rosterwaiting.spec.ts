// Events that wait under a name when a course begins to go by codes.
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { countStored } from '../support/outbox';
import { codesOf, keepRoster, RosterDialog } from '../support/roster';
import { sentBy } from '../support/sent';

test('what waits under a name when codes begin leaves under the code, or never', async ({
  page,
  startCollector,
  startServer
}, testInfo) => {
  test.slow();
  const collector = await startCollector();
  const ofClass = ['--database', collector.database];
  await keepRoster(collector, 'names', testInfo, ...ofClass);
  const mary = (await codesOf(collector, ...ofClass)).get('s1001')!;
  const cells = [code('1 + 1'), code('2 + 2'), code('3 + 3')];
  const options = {
    settings: { host: collector.url, projectKey: collector.classKey },
    files: { 'named.ipynb': flagged(cells, 'named') }
  };
  const named = await startServer(options);
  const notebook = await NotebookPage.open(page, named, 'named.ipynb');
  const form = new RosterDialog(page);
  await form.names.fill('mary');
  await form.options.click();
  await form.start();
  const arrived: ReadonlyArray<readonly [string, string]> = [
    ['session_started', 's1001'],
    ['cell_executed', 's1001']
  ];
  await notebook.runToEnd(0);
  await expect.poll(() => collector.events()).toEqual(arrived);
  // The rest of this session waits, and the whole of the next one.
  await collector.end();
  await notebook.runToEnd(1);
  await page.reload();
  await expect(notebook.statusItem).toContainText('Mary Roe');
  await notebook.idle();
  await notebook.runToEnd(2);
  await expect.poll(() => countStored(page)).toBeGreaterThan(3);
  // That page would still send under the name: codes are not in force there.
  await page.goto('about:blank');
  await named.stop();

  await collector.resume();
  const coded = await startServer({
    ...options,
    port: named.port,
    settings: { ...options.settings, identity: 'pseudonym' }
  });
  const sent = await sentBy(page);
  await NotebookPage.open(page, coded, 'named.ipynb');
  await form.names.fill('mary');
  await expect(form.options).toHaveText(['Mary RoeA']);
  // The collector answers, and is sent nothing of what waits.
  expect(await collector.events()).toEqual(arrived);
  expect(await countStored(page)).toBeGreaterThan(3);
  await form.options.click();
  await form.start();
  await expect
    .poll(async () => (await collector.events()).slice(arrived.length))
    .toEqual([
      ['session_started', mary],
      ['cell_executed', mary],
      ['session_ended', mary],
      ['session_started', mary]
    ]);
  await expect.poll(() => countStored(page)).toBe(0);
  const codes = (await collector.properties()).map(each => each[2].code);
  expect(codes.filter(Boolean)).toEqual(['1 + 1', '3 + 3']);
  expect(sent.filter(text => text.includes('3 + 3'))).not.toEqual([]);
  expect(sent.filter(text => /mary|\broe\b|s1001/i.test(text))).toEqual([]);
});

test('a page that is still open with names learns from another one that codes are in force', async ({
  page,
  startCollector,
  startServer
}, testInfo) => {
  test.slow();
  const collector = await startCollector();
  const ofClass = ['--database', collector.database];
  await keepRoster(collector, 'names', testInfo, ...ofClass);
  const mary = (await codesOf(collector, ...ofClass)).get('s1001')!;
  const options = {
    settings: { host: collector.url, projectKey: collector.classKey },
    files: { 'named.ipynb': flagged([code('1 + 1')], 'named') }
  };
  const named = await startServer(options);
  await collector.end();
  const notebook = await NotebookPage.open(page, named, 'named.ipynb');
  await notebook.enterName('Mary', 'Roe');
  await notebook.runToEnd(0);
  await expect.poll(() => countStored(page)).toBeGreaterThan(1);
  await named.stop();
  const coded = await startServer({
    ...options,
    port: named.port,
    settings: { ...options.settings, identity: 'pseudonym' }
  });

  const other = await page.context().newPage();
  await NotebookPage.open(other, coded, 'named.ipynb');
  const form = new RosterDialog(other);
  await form.code.fill(mary);
  await form.start();
  await expect(notebook.statusItem).toContainText(mary);
  await collector.resume();
  await expect
    .poll(async () => (await collector.events()).length)
    .toBeGreaterThan(2);
  await expect.poll(() => countStored(other)).toBe(0);
  const ids = (await collector.events()).map(([, id]) => id);
  expect(new Set(ids)).toEqual(new Set([mary]));
});
