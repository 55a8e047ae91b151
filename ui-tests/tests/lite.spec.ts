import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { code, markdown } from '../support/cells';
import { PROJECT_KEY } from '../support/fault';
import { isConsent } from '../support/collector';
import { expect, test } from '../support/fixtures';
import { ownOf } from '../support/lesson';
import { scripted } from '../support/litesite';
import { NotebookPage, type IPlace } from '../support/notebook';
import { leaveEarlier } from '../support/outbox';
import type { IWireEvent } from '../support/posthoghost';
import { health } from '../support/telemetry';

const CELLS = [
  markdown('<details><summary>Solution</summary>42</details>'),
  code('console.log(6 * 7)'),
  code('throw new TypeError("not today")')
];

/** How many events are kept. */
const LIMIT = 50_000;

/** What is exported of a lesson: all that was not delivered, which without a key is all. */
async function exported(notebook: NotebookPage<IPlace>): Promise<IWireEvent[]> {
  const download = notebook.page.waitForEvent('download');
  await notebook.execute('ipynb-telemetry:export-undelivered');
  const text = await readFile(await (await download).path(), 'utf8');
  const { waiting, set_aside: refused } = JSON.parse(text) as {
    waiting: IWireEvent[];
    set_aside: unknown[];
  };
  expect(refused).toEqual([]);
  return waiting.filter(({ event }) => !isConsent(event));
}

/** By its address, also the second time: JupyterLite forgets a notebook it had no time to note. */
const open = (page: Page, site: IPlace): Promise<NotebookPage<IPlace>> =>
  NotebookPage.open(page, site, 'lesson.ipynb');

const names = (events: ReadonlyArray<IWireEvent>): string[] =>
  events
    .map(({ event }) => event)
    .filter(event => !/^(blur|focus)$/.test(event));

test('JupyterLite without a key: all is kept, can be exported, and nothing leaves', async ({
  page,
  lite
}) => {
  const requests: string[] = [];
  page.on('request', request => {
    const { origin } = new URL(request.url());
    if (/^http/.test(origin)) {
      requests.push(`${request.method()} ${origin}`);
    }
  });
  const files = { 'lesson.ipynb': scripted(CELLS, 'lesson') };
  const course = await lite.publish('course', { files });
  const notebook = await open(page, course);
  await expect(notebook.namePrompt).toContainText(
    'Your records stay in this browser.'
  );
  await notebook.enterName('Ann', 'Lee');
  await expect(notebook.statusItem).toHaveText(
    'ANN-LEE · telemetry on, stays in this browser'
  );

  await notebook.runToEnd(1);
  await notebook.runToEnd(2);
  await (await notebook.scrollTo(0)).locator('summary').click();
  await notebook.edit(1);
  await page.evaluate(() => navigator.clipboard.writeText('// one\n// two'));
  await page.keyboard.press('ControlOrMeta+V');
  await expect(notebook.cell(1)).toContainText('// two');
  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel.getByRole('listitem')).toContainText([
    'Pasted 13 characters',
    'Opened “Solution”',
    'Ran cell [2]',
    'Ran cell [1]',
    'Started working'
  ]);
  await expect(panel.getByRole('listitem').first()).toContainText('kept');
  await expect(panel).toContainText(/\d events are kept in this browser/);
  await expect(panel.getByRole('button', { name: 'Send now' })).toBeHidden();
  await expect(panel.getByRole('alert')).toBeHidden();

  // Opened again, as the next day, it has neither name nor event forgotten.
  await open(page, course);
  await expect(notebook.statusItem).toHaveText(/^ANN-LEE · telemetry on/);
  await expect(notebook.namePrompt).toBeHidden();
  await notebook.run(1);
  await expect
    .poll(async () => names(await exported(notebook)))
    .toEqual([
      'session_started',
      'cell_executed',
      'cell_executed',
      'solution_peek',
      'paste',
      'solution_closed',
      'session_ended',
      'session_started',
      'cell_executed'
    ]);
  expect(await health(page)).toMatchObject({
    problem: null,
    nextAttempt: null
  });
  const events = await exported(notebook);
  expect(new Set(events.map(event => event.distinct_id))).toEqual(
    new Set(['ANN_LEE'])
  );
  const [started, ran, failed, peeked, pasted] = events.map(({ properties }) =>
    ownOf(properties)
  );
  expect(started).toMatchObject({
    app: 'lite',
    app_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    kernel: 'javascript',
    language: 'javascript',
    cell_count: 3
  });
  expect(ran).toMatchObject({
    cell_id: 'cell-1',
    code: 'console.log(6 * 7)',
    output: '42\n',
    success: true,
    status: 'ok',
    error: null,
    attempt: 1,
    execution_count: 1
  });
  expect(failed).toMatchObject({
    success: false,
    status: 'error',
    error: { name: 'TypeError', value: 'not today' }
  });
  expect(peeked).toMatchObject({ cell_id: 'cell-0', summary: 'Solution' });
  expect(pasted).toMatchObject({ cell_id: 'cell-1', length: 13, lines: 2 });

  // Another course on the same web server is another place.
  const other = await lite.publish('other', { files });
  const there = await open(page, other);
  await expect(there.namePrompt.getByLabel('First name')).toHaveValue('');
  await there.enterName('Bob', 'Ray');
  await expect
    .poll(async () => names(await exported(there)))
    .toEqual(['session_started']);
  expect((await exported(there))[0].distinct_id).toBe('BOB_RAY');

  expect(new Set(requests)).toEqual(new Set([`GET ${lite.origin}`]));
});

test('JupyterLite without a key: of more than is kept the oldest go, and it is told which', async ({
  page,
  lite
}) => {
  const files = { 'lesson.ipynb': scripted(CELLS, 'lesson') };
  const notebook = await open(page, await lite.publish('course', { files }));
  await notebook.enterName('Ann', 'Lee');
  await expect
    .poll(async () => names(await exported(notebook)))
    .toHaveLength(1);
  await leaveEarlier(page, LIMIT);
  await notebook.runToEnd(1);
  await expect
    .poll(async () => (await health(page))?.dropped)
    .toBeGreaterThan(0);
  const { dropped: given } = (await health(page))!;
  const isLoss = ({ event }: IWireEvent): boolean => event === 'events_dropped';
  await expect
    .poll(async () => (await exported(notebook)).filter(isLoss))
    .toHaveLength(1);

  const events = await exported(notebook);
  expect(ownOf(events.find(isLoss)!.properties)).toEqual({
    count: given,
    reason: 'storage',
    first_seq: 1,
    last_seq: given
  });
  // The number of the loss is the last of those that it tells of.
  const left = events.filter(
    ({ properties }) => properties.session_id === 'earlier'
  );
  expect(left.map(({ properties }) => properties.seq)).toEqual(
    expect.arrayContaining([given, given + 1, LIMIT])
  );
  expect(left).toHaveLength(LIMIT - given + 1);
  expect(names(events)).toEqual(
    expect.arrayContaining(['session_started', 'cell_executed'])
  );
});

test('JupyterLite with a key: what was kept arrives at PostHog, and all that follows', async ({
  page,
  lite,
  posthog
}) => {
  const files = { 'lesson.ipynb': scripted(CELLS, 'lesson') };
  const site = await lite.publish('course', { files });
  const notebook = await open(page, site);
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(1);
  await notebook.execute('docmanager:save');
  await notebook.execute('application:close');
  await expect
    .poll(async () => names(await exported(notebook)))
    .toEqual(['session_started', 'cell_executed', 'session_ended']);
  expect(posthog.requests).toEqual([]);

  // The instructor publishes the site again, with a key.
  const settings = {
    projectKey: PROJECT_KEY,
    host: posthog.origin,
    relay: true
  };
  await lite.publish('course', { files, settings });
  await open(page, site);
  // PostHog is another destination than the student agreed to.
  await notebook.namePrompt
    .getByRole('button', { name: 'Start recording' })
    .click();
  await expect(notebook.statusItem).toHaveText('ANN-LEE · telemetry on');
  await notebook.run(2);
  await expect.poll(() => names(posthog.stored).length).toBe(5);
  await expect
    .poll(() => health(page))
    .toMatchObject({ waiting: 0, setAside: 0, problem: null });
  expect(names(posthog.stored)).toEqual([
    'session_started',
    'cell_executed',
    'session_ended',
    'session_started',
    'cell_executed'
  ]);
  expect(posthog.events).toHaveLength(posthog.stored.length);
  expect(posthog.stored.at(-1)).toMatchObject({
    distinct_id: 'ANN_LEE',
    properties: { status: 'error', code: CELLS[2].source }
  });
  expect(posthog.requests.map(({ body }) => body?.api_key)).toEqual(
    posthog.requests.map(() => PROJECT_KEY)
  );
});
