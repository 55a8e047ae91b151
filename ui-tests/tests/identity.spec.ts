import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { Proxy } from '../support/proxy';

const CELLS = [code('STUDENT_ID')];

/** What the panel's Export saves. */
async function exported(page: Page): Promise<string> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  return readFile(await (await saved).path(), 'utf8');
}

test('the name is remembered after a reload and in another workspace', async ({
  page,
  server
}) => {
  await server.write('remember.ipynb', flagged(CELLS, 'remember'));
  const notebook = await NotebookPage.open(page, server, 'remember.ipynb');
  await notebook.enterName('Re', 'Member');
  await expect(notebook.statusItem).toHaveText(
    'RE-MEMBER · telemetry on, kept on this computer'
  );

  await page.reload();
  await expect(notebook.statusItem).toHaveText(
    'RE-MEMBER · telemetry on, kept on this computer'
  );
  await expect(notebook.namePrompt).toBeHidden();
  await page.goto(
    `${server.baseUrl}lab/workspaces/other/tree/remember.ipynb?token=${server.token}`
  );
  await notebook.idle();
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText("'RE_MEMBER'");
  await expect(notebook.namePrompt).toBeHidden();

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'cell_executed',
    { notebook: 'remember' }
  );
  const started = events.filter(({ event }) => event === 'session_started');
  expect(started).toHaveLength(3);
  expect(
    new Set(started.map(({ properties }) => properties.session_id)).size
  ).toBe(3);
  expect(new Set(events.map(({ distinct_id }) => distinct_id))).toEqual(
    new Set(['RE_MEMBER'])
  );
});

test('Change Student ends the session and begins another, also in another browser tab', async ({
  context,
  server
}) => {
  await server.write('change-a.ipynb', flagged(CELLS, 'change-a'));
  await server.write('change-b.ipynb', flagged(CELLS, 'change-b'));
  const [one, two] = [await context.newPage(), await context.newPage()];
  const a = await NotebookPage.open(one, server, 'change-a.ipynb');
  await a.enterName('First', 'Student');
  const b = await NotebookPage.open(two, server, 'change-b.ipynb');
  await expect(b.statusItem).toHaveText(
    'FIRST-STUDENT · telemetry on, kept on this computer'
  );
  await one.bringToFront();

  // Cancel leaves the student who is at work.
  await a.telemetryMenu('Change Student…');
  await expect(a.namePrompt.getByLabel('First name')).toHaveValue('First');
  await a.namePrompt.getByRole('button', { name: 'Cancel' }).click();
  await expect(a.statusItem).toHaveText(
    'FIRST-STUDENT · telemetry on, kept on this computer'
  );
  // What the first student did is theirs to see, delivered or not.
  await context.route('**/ipynb-telemetry/batch/**', route => route.abort());
  await a.run(0);
  await a.statusItem.click();
  const rows = one
    .getByRole('region', { name: 'Recorded activity' })
    .getByRole('listitem');
  await expect(rows.first()).toContainText('Ran cell [1]');
  expect(await exported(one)).toContain('STUDENT_ID');

  await a.telemetryMenu('Change Student…');
  await a.enterName('Second', 'Student');
  await expect(a.statusItem).toHaveText(
    'SECOND-STUDENT · telemetry on, kept on this computer'
  );
  // The second sees nothing of it.
  await expect(rows.filter({ hasText: /Started working|Ran cell/ })).toHaveText(
    [/Started working/]
  );
  const file = await exported(one);
  expect(file).toContain('SECOND_STUDENT');
  expect(file).not.toMatch(/FIRST_STUDENT|cell_executed/);
  await context.unroute('**/ipynb-telemetry/batch/**');
  await expect(b.statusItem).toHaveText(
    'SECOND-STUDENT · telemetry on, kept on this computer'
  );
  for (const notebook of [a, b]) {
    await notebook.page.bringToFront();
    await notebook.run(0);
    await expect(notebook.cell(0)).toContainText("'SECOND_STUDENT'");
  }

  for (const notebook of ['change-a', 'change-b']) {
    const events = await waitForEvents(
      server,
      stored =>
        stored.some(
          ({ event, distinct_id }) =>
            event === 'cell_executed' && distinct_id === 'SECOND_STUDENT'
        ),
      { notebook }
    );
    // Going from tab to tab is told too, as it happens to come.
    const told = events.filter(({ event }) => !/^(blur|focus)$/.test(event));
    expect(told.map(({ event, distinct_id }) => [event, distinct_id])).toEqual([
      ['session_started', 'FIRST_STUDENT'],
      ...(notebook === 'change-a' ? [['cell_executed', 'FIRST_STUDENT']] : []),
      ['session_ended', 'FIRST_STUDENT'],
      ['session_started', 'SECOND_STUDENT'],
      ['cell_executed', 'SECOND_STUDENT']
    ]);
    for (const student of ['FIRST_STUDENT', 'SECOND_STUDENT']) {
      const own = events.filter(({ distinct_id }) => distinct_id === student);
      expect(own.map(({ properties }) => properties.seq)).toEqual(
        own.map((_, index) => index + 1)
      );
      expect(
        new Set(own.map(({ properties }) => properties.session_id)).size
      ).toBe(1);
    }
  }
});

test('two people behind one origin share neither name nor event', async ({
  page,
  startServer
}) => {
  const files = { 'hub.ipynb': flagged(CELLS, 'hub') };
  const [ann, bob] = await Promise.all([
    startServer({ baseUrl: '/user/ann/', files }),
    startServer({ baseUrl: '/user/bob/', files })
  ]);
  const proxy = await Proxy.start([ann, bob]);
  try {
    const work = async (first: string, server: typeof ann): Promise<void> => {
      await page.goto(proxy.url(server.notebookUrl('hub.ipynb')));
      const notebook = new NotebookPage(page, server, 'hub.ipynb');
      await expect(notebook.namePrompt).toBeVisible();
      await expect(notebook.namePrompt.getByLabel('First name')).toHaveValue(
        ''
      );
      await notebook.enterName(first, 'Hub');
      await notebook.idle();
      await notebook.run(0);
      await expect(notebook.cell(0)).toContainText(
        `'${first.toUpperCase()}_HUB'`
      );
      await waitForEvents(server, stored =>
        stored.some(({ event }) => event === 'cell_executed')
      );
    };
    await work('Ann', ann);
    await work('Bob', bob);
    // Back at Ann's, who is known there.
    await page.goto(proxy.url(ann.notebookUrl('hub.ipynb')));
    await expect(
      new NotebookPage(page, ann, 'hub.ipynb').statusItem
    ).toHaveText('ANN-HUB · telemetry on, kept on this computer');

    const annes = await waitForEvents(
      ann,
      stored =>
        stored.filter(({ event }) => event === 'session_started').length === 2
    );
    const bobs = await waitForEvents(
      bob,
      stored => stored.at(-1)?.event === 'session_ended'
    );
    expect(new Set(annes.map(({ distinct_id }) => distinct_id))).toEqual(
      new Set(['ANN_HUB'])
    );
    expect(bobs.map(({ event, distinct_id }) => [event, distinct_id])).toEqual([
      ['session_started', 'BOB_HUB'],
      ['cell_executed', 'BOB_HUB'],
      ['session_ended', 'BOB_HUB']
    ]);
  } finally {
    await proxy.stop();
  }
});
