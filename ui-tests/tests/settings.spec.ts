import { code, flagged, plain } from '../support/cells';
import { listenToConsole } from '../support/console';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { field, inForce, openSettings } from '../support/settings';

const KEY = 'phc_uiTests0123456789';

test.afterEach(({ server }) => server.configure({}));

test('a refused key or host is told with its reason, and events stay in the collector', async ({
  page,
  posthog,
  server
}) => {
  await server.configure({ projectKey: 'phx_personal', host: posthog.origin });
  await server.write('refused.ipynb', flagged([code('1')], 'refused'));
  const notebook = await NotebookPage.open(page, server, 'refused.ipynb');
  const notice = (words: string) =>
    page.getByRole('alert').filter({ hasText: words });
  await expect(notice('phx_')).toContainText(
    'Revoke it, and use the project key, phc_…. Events stay on this server.'
  );
  await expect(notice('phx_')).not.toContainText('phx_personal');
  await expect(notebook.namePrompt).toContainText(
    'Your records stay on this computer'
  );
  await notebook.enterName('Re', 'Fused');

  await openSettings(page);
  const key = field(page, 'projectKey');
  for (const [wrong, reason] of [
    [`phc_${'x'.repeat(61)}`, 'longer than 64 characters'],
    ['phc_ключ', 'holds characters no project key has'],
    ['phc_two parts', 'holds characters no project key has']
  ]) {
    await key.fill(wrong);
    await expect(notice(reason)).toBeVisible();
  }
  // The key stays refused: where events went to PostHog before, they wait.
  for (const [wrong, reason] of [
    ['http://ph.example', 'host refused: it must begin with https://'],
    ['https://ph.example?key', 'host refused: it must hold no query'],
    ['https://ph.example:0', 'host refused: its port must be from 1 to 65535']
  ]) {
    await field(page, 'host').fill(wrong);
    await expect(notice(reason)).toBeVisible();
  }
  await page.getByRole('tab', { name: 'refused.ipynb' }).click();
  await notebook.run(0);

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'cell_executed',
    { notebook: 'refused' }
  );
  expect(events.map(({ properties }) => properties.seq)).toEqual([1, 2, 3, 4]);
  expect(posthog.requests).toEqual([]);
});

test('a key corrected in the Settings Editor applies without a reload, also to what waits', async ({
  page,
  posthog,
  server
}) => {
  posthog.judge = ({ body }) => (body?.api_key === KEY ? undefined : 401);
  await server.configure({ projectKey: 'phc_wrong', host: posthog.origin });
  await server.write('corrected.ipynb', flagged([code('1')], 'corrected'));
  const notebook = await NotebookPage.open(page, server, 'corrected.ipynb');
  await notebook.enterName('Cor', 'Rected');
  await notebook.run(0);
  await expect(notebook.statusItem).toHaveText(
    'COR-RECTED · telemetry on, waiting to send'
  );
  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel.getByRole('alert')).toContainText('401');

  await openSettings(page);
  await field(page, 'projectKey').fill(KEY);
  await expect(panel).toContainText('Everything was delivered');
  await expect(panel.getByRole('alert')).toBeHidden();
  await expect(notebook.statusItem).toHaveText('COR-RECTED · telemetry on');
  const { events } = posthog;
  expect(events.slice(0, 2).map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed'
  ]);
  expect(events.map(({ properties }) => properties.seq)).toEqual(
    events.map((_, index) => index + 1)
  );
  expect(await server.events({ notebook: 'corrected' })).toEqual([]);

  // Without a key, the next goes to the collector, without a reload too.
  await field(page, 'projectKey').fill('');
  await expect(panel).toContainText('Your records stay on this computer.');
  // The server is another destination than the student agreed to.
  await notebook.namePrompt
    .getByRole('button', { name: 'Start recording' })
    .click();
  await page.getByRole('tab', { name: 'corrected.ipynb' }).click();
  await notebook.run(0);
  const stored = await waitForEvents(
    server,
    rest => rest.at(-1)?.event === 'cell_executed',
    { notebook: 'corrected' }
  );
  expect(
    [...events, ...stored].map(({ properties }) => properties.seq)
  ).toEqual([...events, ...stored].map((_, index) => index + 1));
});

test('the privacy notice has several lines to be written in, of which no page complains', async ({
  page,
  server
}) => {
  const warnings = listenToConsole(page, 'warning', 'error');
  await server.write('several.ipynb', plain([code('1')]));
  await NotebookPage.open(page, server, 'several.ipynb');
  await inForce(page, 'captureCode', true);
  // The editor's own form says once that it has no rule for this format.
  expect(warnings.filter(text => text.includes('format'))).toEqual([]);
  await openSettings(page);
  const notice = field(page, 'privacyNotice');
  await expect(notice).toBeVisible();
  expect(await notice.evaluate(({ tagName }) => tagName)).toBe('TEXTAREA');
});

test('code, output and single events can be switched off, and seq stays unbroken', async ({
  page,
  server
}) => {
  await server.configure({
    captureCode: false,
    captureOutput: false,
    privacyNotice: 'Only for the maths department.\nNobody else.',
    events: { solution_peek: false, session_started: false, hint: false }
  });
  await server.write(
    'quiet.ipynb',
    flagged(
      [
        code('secret = "s3cret"; print(secret)'),
        code('raise ValueError("s3cret")'),
        code(
          [
            'from IPython.display import HTML, display',
            'display(HTML("<details><summary>s</summary>x</details>"))',
            '_telemetry_capture("hint")',
            '_telemetry_capture("other")'
          ].join('\n')
        )
      ],
      'quiet'
    )
  );
  const notebook = await NotebookPage.open(page, server, 'quiet.ipynb');
  await expect(notebook.namePrompt).toContainText(
    'Only for the maths department.\nNobody else.'
  );
  await notebook.enterName('Quiet', 'Student');
  for (const index of [0, 1, 2]) {
    await notebook.runToEnd(index);
  }
  await notebook.cell(2).locator('summary').click();
  await notebook.cell(2).locator('summary').click();

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'solution_closed',
    { notebook: 'quiet' }
  );
  expect(events.map(({ event }) => event)).toEqual([
    'cell_executed',
    'cell_executed',
    'other',
    'cell_executed',
    'solution_closed'
  ]);
  expect(events.map(({ properties }) => properties.seq)).toEqual([
    1, 2, 3, 4, 5
  ]);
  const [ok, failed] = events;
  for (const { properties } of [ok, failed]) {
    expect(properties).not.toHaveProperty('code');
    expect(properties).not.toHaveProperty('output');
  }
  expect(failed.properties).toMatchObject({
    status: 'error',
    error: { name: 'ValueError' }
  });
  expect(JSON.stringify(events)).not.toContain('s3cret');
});

test('code and output are cut where the settings say', async ({
  page,
  server
}) => {
  await server.configure({ maxCharacters: 20 });
  await server.write(
    'retuned.ipynb',
    flagged([code('print("é" * 50)'), code('1')], 'retuned')
  );
  const notebook = await NotebookPage.open(page, server, 'retuned.ipynb');
  await notebook.enterName('Cut', 'Short');
  await notebook.runAll();
  const events = await waitForEvents(server, ({ length }) => length === 3, {
    notebook: 'retuned'
  });
  const [, long, short] = events.map(({ properties }) => properties);
  expect(long).toMatchObject({
    code: 'print("é" * 50)',
    output: 'é'.repeat(20),
    truncated: true
  });
  expect(short).toMatchObject({ output: '1\n', truncated: false });
});
