// Codes in place of names: what students are asked, and that no name leaves the page.
import { expectNoViolation } from '../support/accessibility';
import { browserStorage } from '../support/browserstorage';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { scripted } from '../support/litesite';
import { NotebookPage } from '../support/notebook';
import { codesOf, keepRoster, RosterDialog, WHO_CELL } from '../support/roster';
import { sentBy } from '../support/sent';

test('a code shows the name before anybody is recorded', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer();
  await keepRoster(server, 'codes', testInfo);
  const codes = await codesOf(server);
  const mary = codes.get('s1001')!;
  await server.write('codes.ipynb', flagged([WHO_CELL], 'codes'));
  const notebook = await NotebookPage.open(page, server, 'codes.ipynb', {
    kernel: false
  });
  const form = new RosterDialog(page);
  await expect(form.code).toBeFocused();
  // A slip is noticed here, and asks nobody.
  const slip = mary.replace(/.$/, last => (last === '2' ? '3' : '2'));
  await page.keyboard.type(slip);
  await page.keyboard.press('Enter');
  await expect(form.code).toHaveAccessibleDescription(
    /^A character of the code is wrong/
  );
  // Of another course.
  await form.code.fill('c951-w80h-wfyn');
  await expect(form.code).toHaveAccessibleDescription(
    /^Nobody in your class has this code/
  );
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeVisible();
  await form.code.fill(mary.toUpperCase().replace(/-/g, ' '));
  await expect(form.status).toContainText('You are \u2068Mary Roe, A\u2069?');
  await expectNoViolation(page, '.jp-ipynb-telemetry-Dialog');
  await page.screenshot({ path: testInfo.outputPath('code-dark.png') });
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeHidden();
  await expect(notebook.statusItem).toContainText('Mary Roe');
  const [started] = await waitForEvents(server, ({ length }) => length > 0);
  expect(started.distinct_id).toBe('s1001');
});

test('a pseudonym leaves no name in anything that is sent, and is the same on another device', async ({
  browser,
  page,
  startCollector,
  startServer
}, testInfo) => {
  test.slow();
  const collector = await startCollector();
  const ofClass = ['--database', collector.database];
  await keepRoster(collector, 'names', testInfo, ...ofClass);
  const mary = (await codesOf(collector, ...ofClass)).get('s1001')!;
  const server = await startServer({
    settings: {
      host: collector.url,
      projectKey: collector.classKey,
      identity: 'pseudonym'
    },
    files: { 'secret.ipynb': flagged([WHO_CELL], 'secret') }
  });
  const sent = await sentBy(page);
  const notebook = await NotebookPage.open(page, server, 'secret.ipynb');
  const form = new RosterDialog(page);
  await form.names.fill('mary');
  await form.options.click();
  await expect(form.status).toContainText(`under the code \u2066${mary}\u2069`);
  await page.screenshot({ path: testInfo.outputPath('pseudonym.png') });
  await form.start();
  await expect(notebook.statusItem).toHaveText(
    'Mary Roe \u00b7 telemetry on, to your class\u2019s collector'
  );
  await notebook.runToEnd(0);
  await expect(notebook.cell(0)).toContainText(`('${mary}', '${mary}')`);
  await expect
    .poll(() => collector.events())
    .toEqual([
      ['session_started', mary],
      ['test_passed', mary],
      ['cell_executed', mary]
    ]);
  // With the consent, the claim of the session, and what another page would send.
  await expect
    .poll(() => sent.filter(text => text.includes('/me/sessions')).length)
    .toBeGreaterThan(0);
  expect(sent.filter(text => text.includes('consent_given'))).not.toEqual([]);
  expect(sent.filter(text => text.includes('test_passed'))).not.toEqual([]);
  expect(sent.filter(text => /mary|\broe\b|s1001/i.test(text))).toEqual([]);
  // The browser keeps the name beside the code, and nowhere else.
  const named = Object.entries(await browserStorage(page)).filter(
    ([key, text]) => /mary|\broe\b|s1001/i.test(key + text)
  );
  expect(named.map(([key]) => key.replace(/:http.*/, ''))).toEqual([
    'local ipynb-telemetry:student'
  ]);
  await page.reload();
  await expect(notebook.statusItem).toContainText('Mary Roe');

  const second = await browser.newContext();
  const other = await second.newPage();
  const there = await NotebookPage.open(other, server, 'secret.ipynb', {
    kernel: false
  });
  const again = new RosterDialog(other);
  await again.dialog.getByLabel('I have a code').check();
  await again.code.fill(mary);
  await expect(again.status).toContainText('You are \u2068Mary Roe, A\u2069?');
  await again.start();
  await expect(there.statusItem).toContainText('Mary Roe');
  // Of the page, of the same one reloaded, and of the other device.
  await expect
    .poll(async () =>
      (await collector.events()).filter(([name]) => name === 'session_started')
    )
    .toEqual(Array(3).fill(['session_started', mary]));
  await second.close();
});

test('with PostHog a student types the code, and no roster is asked', async ({
  page,
  posthog,
  startServer
}, testInfo) => {
  const server = await startServer({
    settings: {
      host: posthog.origin,
      projectKey: 'phc_0123456789abcdef',
      identity: 'pseudonym'
    },
    files: { 'posthog.ipynb': flagged([WHO_CELL], 'posthog') }
  });
  // Whoever runs the course keeps the secret, and hands out the codes.
  await keepRoster(server, 'names', testInfo);
  const kim = (await codesOf(server)).get('s1004')!;
  const sent = await sentBy(page);
  await NotebookPage.open(page, server, 'posthog.ipynb');
  const form = new RosterDialog(page);
  await expect(form.code).toBeFocused();
  await page.keyboard.type(kim.slice(0, -1));
  await page.keyboard.press('Enter');
  await expect(form.code).toHaveAccessibleDescription(/^A code has 12/);
  await page.keyboard.type(kim.slice(-1));
  await expectNoViolation(page, '.jp-ipynb-telemetry-Dialog');
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeHidden();
  await expect
    .poll(() => posthog.accepted.map(({ event }) => event))
    .toContain('session_started');
  expect(
    new Set(posthog.accepted.map(({ distinct_id }) => distinct_id))
  ).toEqual(new Set([kim]));
  expect(sent.filter(text => text.includes('/roster/'))).toEqual([]);
});

test('in JupyterLite a student types the code, and nothing is asked', async ({
  lite,
  page
}) => {
  test.slow();
  const requests: string[] = [];
  page.on('request', request => requests.push(request.url()));
  const course = await lite.publish('coded', {
    settings: { identity: 'pseudonym' },
    files: { 'lesson.ipynb': scripted([code('6 * 7')], 'lesson') }
  });
  const notebook = await NotebookPage.open(page, course, 'lesson.ipynb');
  const form = new RosterDialog(page);
  await form.code.fill('c915-w80h-wfyn');
  await page.keyboard.press('Enter');
  await expect(form.code).toHaveAccessibleDescription(
    /^A character of the code is wrong/
  );
  await form.code.fill('C951 w8oh wfyn');
  await page.keyboard.press('Enter');
  await expect(form.dialog).toBeHidden();
  await expect(notebook.statusItem).toHaveText(
    'c951-w80h-wfyn \u00b7 telemetry on, stays in this browser'
  );
  await notebook.runToEnd(0);
  await expect
    .poll(async () => JSON.stringify(await browserStorage(page)))
    .toMatch(/cell_executed/);
  const kept = JSON.stringify(await browserStorage(page));
  expect(
    new Set(
      kept.match(/distinct_id[\\":]+[^\\"]+/g)?.map(each => each.slice(-14))
    )
  ).toEqual(new Set(['c951-w80h-wfyn']));
  expect(requests.filter(url => url.includes('roster'))).toEqual([]);
});

test('in Arabic the list and the code run as they are read, on a narrow screen too', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer({
    settings: { identity: 'pseudonym' },
    overrides: {
      '@jupyterlab/translation-extension:plugin': { locale: 'ar_SA' }
    },
    files: { 'arabic.ipynb': flagged([WHO_CELL], 'arabic') }
  });
  await keepRoster(server, 'names', testInfo);
  await page.setViewportSize({ width: 390, height: 800 });
  await NotebookPage.open(page, server, 'arabic.ipynb', { kernel: false });
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('combobox');
  await expect(field).toBeFocused();
  await page.keyboard.type('\u0645\u0631');
  const option = dialog.getByRole('option');
  await expect(option).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  expect(
    await option
      .locator('bdi')
      .evaluate(name => getComputedStyle(name).direction)
  ).toBe('rtl');
  await expectNoViolation(page, '.jp-ipynb-telemetry-Dialog');
  await page.screenshot({ path: testInfo.outputPath('list.png') });
  await page.keyboard.press('Enter');
  const mariam = (await codesOf(server)).get('s1005')!;
  await expect(dialog.getByRole('status')).toContainText(mariam);
  await page.screenshot({ path: testInfo.outputPath('chosen.png') });
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const [started] = await waitForEvents(server, ({ length }) => length > 0);
  expect(started.distinct_id).toBe(mariam);
});
