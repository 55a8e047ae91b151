// What students can do about their records: see, pause, take along, and have them erased.
import type { Page, Request } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { keptOfOurs } from '../support/browserstorage';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

/** Leaving for the panel and coming back would be counted, too. */
test.use({
  serverOptions: { settings: { events: { blur: false, focus: false } } }
});

/** Every request that the page sends, from now on. */
function requestsOf(page: Page): Request[] {
  const requests: Request[] = [];
  page.on('request', request => requests.push(request));
  return requests;
}

/** What a request says, but for the header of the code. */
function textOf(request: Request): string {
  const { 'x-telemetry-code': _, ...headers } = request.headers();
  return `${request.url()} ${JSON.stringify(headers)} ${request.postData() ?? ''}`;
}

test('a student sees everything, why it is recorded, who read it, and takes it along', async ({
  page,
  server
}) => {
  const cells = [code('secret_of_ann = 6 * 7'), code('1 / 0')];
  await server.write('rights.ipynb', flagged(cells, 'rights'));
  const requests = requestsOf(page);
  const notebook = await NotebookPage.open(page, server, 'rights.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  await notebook.runToEnd(1);
  await waitForEvents(server, ({ length }) => length === 3, {
    notebook: 'rights'
  });

  await notebook.rightsMenu.click();
  await page
    .getByRole('menuitem', { name: 'See What Is Recorded About Me' })
    .click();
  const panel = page.getByRole('region', {
    name: 'What is recorded about me'
  });
  const rows = panel.getByRole('list', { name: 'Records, newest first' });
  await expect(rows.getByRole('listitem')).toContainText([
    /Ran cell \[2\]: ZeroDivisionErrorrights · .* · on the Jupyter server/,
    'Ran cell [1]',
    'Started working'
  ]);
  await panel.getByLabel('Search').fill('secret_of_ann');
  await expect(rows.getByRole('listitem')).toHaveCount(1);
  await expect(panel.getByText('1 record', { exact: true })).toBeVisible();
  await rows.getByRole('button').click();
  await expect(rows.locator('pre')).toContainText('secret_of_ann = 6 * 7');
  await panel.getByText('Why is this recorded?').click();
  await expect(panel).toContainText('So that your instructor sees where');
  await panel.getByText('Who read it?').click();
  // This test has looked at what is stored.
  await expect(panel).toContainText(/looked at (your work|the whole class)/);

  await panel.getByText('I work on another device, too').click();
  const shown = await panel.locator('code').innerText();
  expect(shown).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);

  await panel.getByRole('button', { name: '← Back' }).click();
  await page.getByRole('button', { name: 'Take along' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^my-records-.*\.zip$/);
  const files = unzipSync(await readFile(await download.path()));
  expect(Object.keys(files).sort()).toEqual([
    'README.txt',
    'readers.csv',
    'records.csv',
    'records.json'
  ]);
  const { records } = JSON.parse(strFromU8(files['records.json'])) as {
    records: { event: string }[];
  };
  expect(records.map(({ event }) => event)).toEqual([
    'cell_executed',
    'cell_executed',
    'session_started',
    'consent_given'
  ]);
  expect(strFromU8(files['records.csv'])).toContain('secret_of_ann = 6 * 7');
  expect(strFromU8(files['README.txt'])).toContain('Records of ANN-LEE');

  // The code goes in one header, to one place; a claim has its hash.
  const plain = shown.replace(/-/g, '');
  const bodies = requests.map(textOf);
  expect(bodies.filter(text => text.includes(plain))).toEqual([]);
  expect(bodies.filter(text => text.includes(shown))).toEqual([]);
  const coded = requests.filter(
    request => 'x-telemetry-code' in request.headers()
  );
  expect(coded.length).toBeGreaterThan(0);
  for (const request of coded) {
    expect(request.url()).toMatch(/\/ipynb-telemetry\/me\/(events|access)/);
  }
  const claims = requests.filter(request =>
    /\/me\/sessions/.test(request.url())
  );
  expect(claims.length).toBeGreaterThan(0);
  const claimed = claims.map(
    request =>
      request.postDataJSON() as { verifier: string; sessions: string[] }
  );
  for (const { verifier, sessions, ...more } of claimed) {
    expect(verifier).toMatch(/^[0-9a-f]{64}$/);
    expect(sessions.join()).toMatch(/^[0-9a-f,-]*$/);
    expect(more).toEqual({});
  }
  // The session of the answer, and the session of the visit.
  expect(new Set(claimed.flatMap(({ sessions }) => sessions)).size).toBe(2);
});

test('what happens in a pause is not captured at all, by page or kernel', async ({
  page,
  server
}) => {
  const cells = [
    code('before = 1'),
    code('in_the_pause = 2'),
    code('after = 3')
  ];
  await server.write('pause.ipynb', flagged(cells, 'pause'));
  const requests = requestsOf(page);
  const notebook = await NotebookPage.open(page, server, 'pause.ipynb');
  await notebook.enterName('Pau', 'Sing');
  await notebook.runToEnd(0);
  await notebook.rightsMenu.click();
  await page.getByRole('menuitem', { name: 'Pause: 15 minutes' }).click();
  await expect(notebook.statusItem).toHaveText(
    /^PAU-SING · paused until \d+:\d\d/
  );
  await notebook.runToEnd(1);
  await notebook.edit(1);
  await page.keyboard.type(' + 1');
  // A page that is opened in the pause is in it, too.
  await page.reload();
  await notebook.idle();
  await expect(notebook.statusItem).toHaveText(/^PAU-SING · paused until/);
  await notebook.runToEnd(1);

  await notebook.statusItem.click();
  await expect(
    page.getByRole('region', { name: 'Recorded activity' })
  ).toContainText(/Paused until \d+:\d\d.*Nothing is recorded/);
  await page.getByRole('button', { name: 'Go on recording' }).click();
  await expect(notebook.statusItem).toHaveText(/^PAU-SING · telemetry on/);
  await notebook.runToEnd(2);
  const stored = await waitForEvents(
    server,
    events => events.some(({ properties }) => properties.code === 'after = 3'),
    { notebook: 'pause' }
  );
  expect(
    stored.map(({ event, properties }) => properties.code ?? event)
  ).toEqual([
    'session_started',
    'before = 1',
    'recording_paused',
    'session_ended',
    'session_started',
    'recording_resumed',
    'after = 3'
  ]);
  const [, , paused] = stored;
  expect(paused.properties).toMatchObject({
    kind: 'minutes15',
    until: expect.stringMatching(/^\d{4}-.*Z$/)
  });
  for (const request of requests) {
    if (/\/ipynb-telemetry\//.test(request.url())) {
      expect(textOf(request)).not.toContain('in_the_pause');
    }
  }
});

test('a student stops and is erased, here and on the server, and is told what is beyond reach', async ({
  page,
  server
}) => {
  await server.write('gone.ipynb', flagged([code('my_work = 1')], 'gone'));
  const notebook = await NotebookPage.open(page, server, 'gone.ipynb');
  await notebook.enterName('Gona', 'Way');
  await notebook.runToEnd(0);
  await waitForEvents(server, ({ length }) => length === 2, {
    notebook: 'gone'
  });
  // What cannot be sent waits in the browser.
  await page.route('**/ipynb-telemetry/batch/**', route => route.abort());
  await notebook.runToEnd(0);
  await expect.poll(() => keptOfOurs(page)).toContain('GONA_WAY');

  await notebook.rightsMenu.click();
  await page.getByRole('menuitem', { name: 'Stop and Forget Me' }).click();
  const panel = page.getByRole('region', { name: 'Stop and forget me' });
  await expect(panel).toContainText('This cannot be undone');
  await panel
    .getByRole('button', { name: 'Stop and erase everything' })
    .click();
  await expect(panel).toContainText(
    'Recording has stopped, and your records are erased.'
  );
  await expect(panel).toContainText(
    '3 records are erased on the Jupyter server.'
  );
  await expect(panel).toContainText('Files and backups that somebody made');
  await expect(panel.getByLabel('A request to your instructor')).toHaveValue(
    /GONA_WAY/
  );
  expect(await server.events({ notebook: 'gone' })).toEqual([]);
  const kept = await keptOfOurs(page);
  for (const text of ['GONA_WAY', 'Gona', 'my_work']) {
    expect(kept).not.toContain(text);
  }
  await expect(notebook.statusItem).toHaveText('Not recorded');
  // Whoever works on is not recorded, and what comes late is not taken.
  await page.unroute('**/ipynb-telemetry/batch/**');
  await notebook.runToEnd(0);
  await page.reload();
  await notebook.idle();
  await expect(notebook.namePrompt).toBeVisible();
  expect(await server.events({ notebook: 'gone' })).toEqual([]);
});
