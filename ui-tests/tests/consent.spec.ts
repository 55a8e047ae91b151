// What students are asked before anything of theirs is recorded, and what either answer does.
import { bodiesOf, FILES, run } from '../support/consentlesson';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import type { Server } from '../support/server';

const LINES = {
  responsible: 'Example University',
  contact: 'The data officer, room 12',
  purpose: 'To help you while you work',
  kept: 'Until the end of the term',
  rights: 'See, correct and erase what is kept of you',
  link: 'https://example.org/privacy',
  policy: 'Rule 7 of the exam office. Ask the exam office, room 3.'
};

/** All events that are stored, by name. */
async function stored(server: Server): Promise<string[]> {
  const events = await server.events({ consents: true });
  return events.map(({ event }) => event);
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
