// A student's rights in other places than JupyterLab with its own server: the same page does the same.
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { keptOfOurs } from '../support/browserstorage';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { scripted } from '../support/litesite';
import { NotebookPage, type IPlace } from '../support/notebook';

const CELLS = [code('6 * 7 // 1'), code('2 // 1')];
const SETTINGS = { events: { blur: false, focus: false } };

/** The student sees what is recorded, newest first. */
async function sees(
  notebook: NotebookPage<IPlace>,
  words: ReadonlyArray<string>
): Promise<void> {
  const { page } = notebook;
  await notebook.rightsMenu.click();
  await page
    .getByRole('menuitem', { name: 'See What Is Recorded About Me' })
    .click();
  const rows = page
    .getByRole('region', { name: 'What is recorded about me' })
    .getByRole('list', { name: 'Records, newest first' })
    .getByRole('listitem');
  await expect(rows).toContainText([...words]);
  await expect(rows).toHaveCount(words.length);
}

/** The student takes everything along; gives the names of the events, newest first. */
async function takesAlong({ page }: { page: Page }): Promise<string[]> {
  await page.getByRole('button', { name: '← Back' }).click();
  await page.getByRole('button', { name: 'Take along' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const files = unzipSync(await readFile(await (await downloading).path()));
  const { records } = JSON.parse(strFromU8(files['records.json'])) as {
    records: { event: string }[];
  };
  return records.map(({ event }) => event);
}

/** The student takes a pause in which a cell is run, and goes on. */
async function pauses(notebook: NotebookPage<IPlace>): Promise<void> {
  const { page } = notebook;
  await notebook.rightsMenu.click();
  await page.getByRole('menuitem', { name: 'Pause: 15 minutes' }).click();
  await expect(notebook.statusItem).toContainText('paused until');
  await notebook.runToEnd(1);
  await notebook.rightsMenu.click();
  await page.getByRole('menuitem', { name: 'Go On Recording' }).click();
  await expect(notebook.statusItem).toContainText('telemetry on');
}

/** The student stops, and has everything erased; gives what the page says came of it. */
async function isForgotten(
  notebook: NotebookPage<IPlace>,
  words: ReadonlyArray<string>
): Promise<void> {
  const { page } = notebook;
  await notebook.rightsMenu.click();
  await page.getByRole('menuitem', { name: 'Stop and Forget Me' }).click();
  const panel = page.getByRole('region', { name: 'Stop and forget me' });
  await panel
    .getByRole('button', { name: 'Stop and erase everything' })
    .click();
  for (const each of [
    'Recording has stopped, and your records are erased.',
    ...words
  ]) {
    await expect(panel).toContainText(each);
  }
  await expect(notebook.statusItem).toHaveText('Not recorded');
  expect(await keptOfOurs(page)).not.toMatch(/ANN_LEE|Ann|6 \* 7/);
}

const ALL = [
  'recording_resumed',
  'session_started',
  'session_ended',
  'recording_paused',
  'cell_executed',
  'session_started',
  'consent_given'
];
const SEEN = [
  'Went on after a pause',
  'Started working',
  'Stopped working',
  'Paused, until',
  'Ran cell [1]',
  'Started working',
  'You agreed to be recorded'
];

test('in Notebook 7', async ({ page, startServer }) => {
  const server = await startServer({
    app: 'notebook',
    files: { 'seven.ipynb': flagged(CELLS, 'seven') },
    settings: SETTINGS
  });
  const notebook = await NotebookPage.open(page, server, 'seven.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  await pauses(notebook);
  await waitForEvents(server, ({ length }) => length === ALL.length - 1);
  await sees(notebook, SEEN);
  expect(await takesAlong(notebook)).toEqual(ALL);
  await isForgotten(notebook, [
    `${ALL.length} records are erased on the Jupyter server.`
  ]);
  expect(await server.events({ consents: true })).toEqual([]);
});

for (const relay of [true, false]) {
  test(`with a class collector, ${relay ? 'by the server' : 'across origins'}: the code is needed there`, async ({
    page,
    startCollector,
    startServer
  }) => {
    const collector = await startCollector();
    const { url, classKey } = collector;
    const server = await startServer({
      files: { 'class.ipynb': flagged(CELLS, 'class') },
      settings: { ...SETTINGS, host: url, projectKey: classKey, relay }
    });
    const notebook = await NotebookPage.open(page, server, 'class.ipynb');
    await notebook.enterName('Ann', 'Lee');
    await notebook.runToEnd(0);
    await pauses(notebook);
    await expect
      .poll(async () => (await collector.events()).length)
      .toBe(ALL.length - 1);
    await sees(notebook, SEEN);
    expect(await takesAlong(notebook)).toEqual(ALL);

    // A name is no code, nor is a code that somebody made up.
    const ask = async (code?: string): Promise<number> => {
      const answer = await fetch(`${url}/ipynb-telemetry/me/events`, {
        headers: {
          Authorization: `Bearer ${classKey}`,
          ...(code === undefined ? {} : { 'X-Telemetry-Code': code })
        }
      });
      return answer.status;
    };
    expect(await ask()).toBe(403);
    expect(await ask('7K3QM0ZD9RXV2HTE')).toBe(403);

    await isForgotten(notebook, [
      `${ALL.length} records are erased at your class’s collector.`
    ]);
    expect(await collector.events()).toEqual([]);
    expect(await server.events({ consents: true })).toEqual([]);
    // Work that is done from now on is not recorded.
    await notebook.run(0);
    await expect(notebook.cell(0)).toContainText('[3]:');
    expect(await collector.events()).toEqual([]);
  });
}

test('in JupyterLite, where events are kept in the browser', async ({
  page,
  lite
}) => {
  const site = await lite.publish('course', {
    files: { 'lesson.ipynb': scripted(CELLS, 'lesson') },
    settings: SETTINGS
  });
  const notebook = await NotebookPage.open(page, site, 'lesson.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  await pauses(notebook);
  await expect.poll(() => keptOfOurs(page)).toContain('recording_resumed');
  await sees(notebook, SEEN);
  expect(await takesAlong(notebook)).toEqual(ALL);
  await isForgotten(notebook, [
    `${ALL.length} records that waited in this browser are deleted.`
  ]);
});
