import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import type { Server } from '../support/server';

const FILES = {
  'lesson.ipynb': flagged([code('print("marker-" + str(6 * 7))')], 'lesson')
};
const LINES = {
  responsible: 'Example University',
  contact: 'The data officer, room 12',
  purpose: 'To help you while you work',
  kept: 'Until the end of the term',
  rights: 'See, correct and erase what is kept of you',
  link: 'https://example.org/privacy',
  policy: 'Rule 7 of the exam office. Ask the exam office, room 3.'
};

/** The bodies of all requests that may carry an event or a name, as they leave the page. */
function bodiesOf(page: Page): string[] {
  const bodies: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/ipynb-telemetry/')) {
      const body = request.postDataBuffer() ?? Buffer.alloc(0);
      const isPacked = body[0] === 0x1f && body[1] === 0x8b;
      const text = (isPacked ? gunzipSync(body) : body).toString();
      bodies.push(`${request.url()} ${text}`);
    }
  });
  return bodies;
}

/** All events that are stored, by name. */
async function stored(server: Server): Promise<string[]> {
  const events = await server.events({ consents: true });
  return events.map(({ event }) => event);
}

/** Run the cell, and see that it ran. */
async function run(notebook: NotebookPage): Promise<void> {
  await notebook.idle();
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText('marker-42');
}

test('opt-in: nothing leaves before a yes, and a yes is told of first', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    files: FILES,
    settings: { consent: 'opt-in', notice: LINES }
  });
  const bodies = bodiesOf(page);
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb', {
    kernel: false
  });
  const dialog = notebook.namePrompt;
  // The notice, in words made from the settings.
  for (const text of [
    'Example University',
    'The data officer, room 12',
    'To help you while you work',
    'Until the end of the term',
    'See, correct and erase what is kept of you',
    'their code',
    'Your records stay on this computer.',
    'Nothing is recorded unless you say yes'
  ]) {
    await expect(dialog).toContainText(text);
  }
  await expect(dialog).not.toContainText('exam office');
  await expect(
    dialog.getByRole('link', { name: 'More about this recording' })
  ).toHaveAttribute('href', LINES.link);
  // No is as easy as yes: two buttons that look alike.
  const [no, yes] = ['No', 'Yes'].map(name =>
    dialog.getByRole('button', { name, exact: true })
  );
  const look = await no.evaluate(button => {
    const { backgroundColor, color, borderTopColor, fontWeight } =
      getComputedStyle(button);
    return { backgroundColor, color, borderTopColor, fontWeight };
  });
  for (const [property, value] of Object.entries(look)) {
    await expect(yes).toHaveCSS(
      property.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`),
      value
    );
  }
  expect(bodies.filter(body => body.includes('batch'))).toEqual([]);
  expect(await stored(server)).toEqual([]);

  await dialog.getByLabel('First name').fill('Ann');
  await dialog.getByLabel('Last name').fill('Lee');
  await yes.click();
  await expect(dialog).toBeHidden();
  await run(notebook);
  const events = await waitForEvents(
    server,
    all => all.some(({ event }) => event === 'cell_executed'),
    { consents: true }
  );
  expect(events.map(({ event }) => event)).toEqual([
    'consent_given',
    'session_started',
    'cell_executed'
  ]);
  expect(events[0].properties).toMatchObject({
    notice_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    destination: 'this Jupyter server',
    mode: 'opt-in',
    captured: expect.arrayContaining(['runs', 'code', 'output'])
  });
  // A folder's name is nobody's business: only its hash.
  expect(events[0].properties.course).toMatch(/^[0-9a-f]{16}$/);
});

test('opt-in: a no is remembered, and nothing is ever sent', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    files: FILES,
    settings: { consent: 'opt-in' }
  });
  const bodies = bodiesOf(page);
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  await notebook.namePrompt
    .getByRole('button', { name: 'No', exact: true })
    .click();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await run(notebook);
  await page.reload();
  await run(notebook);
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await expect(notebook.namePrompt).toBeHidden();
  expect(bodies.filter(body => /batch|marker|session_/.test(body))).toEqual([]);
  expect(await stored(server)).toEqual([]);

  // A student who thinks better of it is asked, and what was before stays unrecorded.
  await notebook.statusItem.click();
  const dialog = notebook.namePrompt;
  await dialog.getByLabel('First name').fill('Ann');
  await dialog.getByLabel('Last name').fill('Lee');
  await dialog.getByRole('button', { name: 'Yes', exact: true }).click();
  const events = await waitForEvents(
    server,
    all => all.some(({ event }) => event === 'session_started'),
    { consents: true }
  );
  expect(events.map(({ event }) => event)).toEqual([
    'consent_given',
    'session_started'
  ]);
});

test('a consent that is withdrawn is told of, and nothing after it', async ({
  page,
  server
}) => {
  await server.write('withdraw.ipynb', FILES['lesson.ipynb']);
  const notebook = await NotebookPage.open(page, server, 'withdraw.ipynb');
  await notebook.enterName('With', 'Draws');
  await run(notebook);
  const isOf = { student: 'WITH_DRAWS', consents: true };
  await waitForEvents(
    server,
    all => all.some(({ event }) => event === 'cell_executed'),
    isOf
  );
  const bodies = bodiesOf(page);
  await notebook.telemetryMenu('Withdraw Consent…');
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Withdraw your consent?');
  await question.getByRole('button', { name: 'Withdraw' }).click();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await waitForEvents(
    server,
    all => all.at(-1)?.event === 'consent_withdrawn',
    isOf
  );
  const sent = bodies.length;
  await run(notebook);
  await page.reload();
  await run(notebook);
  await expect(notebook.namePrompt).toBeHidden();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  const events = await server.events(isOf);
  expect(events.map(({ event }) => event)).toEqual([
    'consent_given',
    'session_started',
    'cell_executed',
    'consent_withdrawn'
  ]);
  expect(
    bodies.slice(sent).filter(body => /batch|marker|session_/.test(body))
  ).toEqual([]);
  expect(bodies.join()).not.toContain('session_ended');
});

test('another notice asks again, and what happens meanwhile waits in the page', async ({
  page,
  startServer
}) => {
  const server = await startServer({ files: FILES });
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await run(notebook);
  await waitForEvents(server, all =>
    all.some(({ event }) => event === 'cell_executed')
  );
  await page.goto('about:blank');
  const before = await waitForEvents(server, all =>
    all.some(({ event }) => event === 'session_ended')
  );

  await server.configure({ privacyNotice: 'Now your dean reads it, too.' });
  const bodies = bodiesOf(page);
  await NotebookPage.open(page, server, 'lesson.ipynb', { kernel: false });
  const dialog = notebook.namePrompt;
  await expect(dialog).toContainText('Now your dean reads it, too.');
  await expect(dialog).toContainText('You agreed to something else before');
  await expect(dialog.getByLabel('First name')).toHaveValue('Ann');
  await expect(notebook.statusItem).toHaveText('Not recorded');
  // What runs while the question is open.
  await notebook.idle();
  await notebook.execute('notebook:run-all-cells');
  await expect(notebook.cell(0)).toContainText('marker-42');
  await notebook.idle();
  // An event from before may come again; nothing comes of what happens now.
  expect(
    bodies.filter(body => /marker|cell_executed|session_started/.test(body))
  ).toEqual([]);
  expect(await server.events()).toHaveLength(before.length);

  await dialog.getByRole('button', { name: 'Start recording' }).click();
  const events = await waitForEvents(
    server,
    all =>
      all.filter(({ event }) => event === 'cell_executed').length === 2 &&
      all.filter(({ event }) => event === 'consent_given').length === 2,
    { consents: true }
  );
  const hashes = events
    .filter(({ event }) => event === 'consent_given')
    .map(({ properties }) => properties.notice_hash);
  expect(new Set(hashes).size).toBe(2);
});

test('a no to what was changed is told to the same destination, and gives up what waited', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    files: FILES,
    settings: { captureOutput: false }
  });
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await waitForEvents(server, all => all.length === 1);
  await page.goto('about:blank');
  await waitForEvents(server, all => all.length === 2);
  // Less than what was agreed to asks nobody.
  await server.configure({ captureOutput: false, events: { blur: false } });
  await NotebookPage.open(page, server, 'lesson.ipynb');
  await expect(notebook.statusItem).toContainText('telemetry on');
  await expect(notebook.namePrompt).toBeHidden();
  await page.goto('about:blank');
  await waitForEvents(server, all => all.length === 4);

  await server.configure({ captureOutput: true });
  await NotebookPage.open(page, server, 'lesson.ipynb');
  await expect(notebook.namePrompt).toContainText('their output and errors');
  await notebook.execute('notebook:run-all-cells');
  await expect(notebook.cell(0)).toContainText('marker-42');
  await notebook.decline();
  const events = await waitForEvents(
    server,
    all => all.at(-1)?.event === 'consent_declined',
    { consents: true }
  );
  expect(events.map(({ event }) => event)).toEqual([
    'consent_given',
    'session_started',
    'session_ended',
    'session_started',
    'session_ended',
    'consent_declined'
  ]);
  await expect(notebook.statusItem).toHaveText('Not recorded');
});

test('required: the dialog says so and whom to ask', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    files: FILES,
    settings: { consent: 'required', notice: LINES }
  });
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  const dialog = notebook.namePrompt;
  await expect(dialog).toContainText('A policy requires this recording.');
  await expect(dialog).toContainText('Ask the exam office, room 3.');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await run(notebook);
  expect(await stored(server)).toEqual([]);
  // Asked again with the next visit: a policy is no choice to remember.
  await page.reload();
  await expect(dialog).toBeVisible();
});

test('a consent in one course is none in another', async ({
  page,
  startServer
}) => {
  const lesson = (course: string): object => ({
    ...FILES['lesson.ipynb'],
    metadata: {
      ...FILES['lesson.ipynb'].metadata,
      ipynb_telemetry: { enabled: true, notebook: 'lesson', course }
    }
  });
  const server = await startServer({
    files: {
      'one.ipynb': JSON.stringify(lesson('biology-1')),
      'more.ipynb': JSON.stringify(lesson('biology-1')),
      'other.ipynb': JSON.stringify(lesson('physics-2'))
    }
  });
  const notebook = await NotebookPage.open(page, server, 'one.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await notebook.openBeside('more.ipynb');
  await expect(notebook.statusItem).toContainText('telemetry on');
  await expect(notebook.namePrompt).toBeHidden();
  await notebook.execute('docmanager:open', { path: 'other.ipynb' });
  await expect(notebook.namePrompt).toBeVisible();
  await notebook.decline();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  const events = await waitForEvents(
    server,
    all => all.filter(({ event }) => event === 'session_started').length === 2,
    { consents: true }
  );
  // Nobody is told of the refusal.
  expect(events.map(({ event }) => event).filter(isAnswer)).toEqual([
    'consent_given'
  ]);
  expect(
    events.find(({ event }) => event === 'consent_given')?.properties.course
  ).toBe('biology-1');
});

test('a shared computer asks who is working after half an hour, and in a new browser session', async ({
  context,
  page,
  startServer
}) => {
  const server = await startServer({
    files: FILES,
    settings: { sharedComputer: true }
  });
  await page.clock.install();
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await run(notebook);
  await notebook.statusItem.click();
  const rows = page
    .getByRole('region', { name: 'Recorded activity' })
    .getByRole('listitem');
  await expect(rows.filter({ hasText: 'Ran cell' })).toHaveCount(1);
  // What Ann did and is not delivered is nobody else's to save.
  await context.route('**/ipynb-telemetry/batch/**', route => route.abort());
  await notebook.run(0);
  await expect(rows.filter({ hasText: 'Ran cell' })).toHaveCount(2);

  await page.clock.fastForward('31:00');
  await expect(notebook.namePrompt.getByLabel('First name')).toHaveValue('');
  await expect(rows).toHaveCount(0);
  // Also whoever types the same name sees nothing of it.
  await notebook.enterName('Ann', 'Lee');
  await expect(rows.filter({ hasText: 'Started working' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'Ran cell' })).toHaveCount(0);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = await readFile(await (await saved).path(), 'utf8');
  expect(file).toContain('session_started');
  expect(file).not.toMatch(/cell_executed|marker/);
  // What she had done is sent all the same, under her name.
  await context.unroute('**/ipynb-telemetry/batch/**');
  // A button to send now is there only until the page tries again by itself.
  await page.clock.fastForward('05:00');
  await waitForEvents(
    server,
    all => all.filter(({ event }) => event === 'cell_executed').length === 2,
    { student: 'ANN_LEE' }
  );

  // The same tab, loaded anew, asks nobody; a tab in a new browser session does.
  await page.reload();
  await expect(notebook.statusItem).toContainText('ANN-LEE · telemetry on');
  await expect(notebook.namePrompt).toBeHidden();
  await page.close();
  const next = await NotebookPage.open(
    await context.newPage(),
    server,
    'lesson.ipynb'
  );
  await expect(next.namePrompt.getByLabel('First name')).toHaveValue('');
  await next.enterName('Bob', 'Roe');
  await expect(next.statusItem).toContainText('BOB-ROE · telemetry on');
});

function isAnswer(event: string): boolean {
  return event.startsWith('consent_');
}
