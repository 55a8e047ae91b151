// A consent is for what was agreed to: another notice, recording or course asks anew.
import { bodiesOf, FILES, run } from '../support/consentlesson';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

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

function isAnswer(event: string): boolean {
  return event.startsWith('consent_');
}
