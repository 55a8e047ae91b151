import { code, flagged } from '../support/cells';
import type { IStoredEvent } from '../support/collector';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

test('JupyterHub: accounts stand for names, and share neither a name nor an event', async ({
  page,
  startHub
}) => {
  const hub = await startHub({
    users: ['ann.lee', 'bob'],
    files: { 'hub.ipynb': flagged([code('STUDENT_ID')], 'hub') },
    settings: { identity: 'jupyter-user' }
  });
  const [ann, bob] = [hub.user('ann.lee'), hub.user('bob')];

  // Two names in the account: nothing to type, but to be read and agreed to.
  await ann.signIn(page, 'hub.ipynb');
  const annes = new NotebookPage(page, ann, 'hub.ipynb');
  const consent = page.getByRole('dialog').filter({ hasText: 'ann.lee' });
  await expect(consent).toContainText('Your course records what you do');
  await expect(consent).toContainText(
    'Your records stay on this Jupyter server.'
  );
  await expect(consent).toContainText('appear as ANN_LEE');
  await expect(consent.getByRole('textbox')).toHaveCount(0);
  await consent.getByRole('button', { name: 'Work without recording' }).click();
  await annes.idle();
  await annes.runToEnd(0);
  await expect(annes.statusItem).toHaveText('Not recorded');
  expect(await ann.events()).toEqual([]);
  await annes.statusItem.click();
  await consent.getByRole('button', { name: 'Start' }).click();
  await expect(annes.statusItem).toHaveText(
    'ANN-LEE · telemetry on, kept on the Jupyter server'
  );
  await annes.run(0);
  await expect(annes.cell(0)).toContainText("'ANN_LEE'");
  await waitForEvents(ann, events => events.length === 2);

  // A single name: it begins the dialog.
  await bob.signIn(page, 'hub.ipynb');
  const bobs = new NotebookPage(page, bob, 'hub.ipynb');
  await expect(bobs.namePrompt.getByLabel('First name')).toHaveValue('Bob');
  await expect(bobs.namePrompt.getByLabel('Last name')).toHaveValue('');
  await bobs.enterName('Bob', 'Ray');
  await bobs.idle();
  await bobs.run(0);
  await expect(bobs.cell(0)).toContainText("'BOB_RAY'");
  await waitForEvents(bob, events => events.length === 2);

  // Each is known again, in the same browser, and where they are.
  await ann.signIn(page, 'hub.ipynb');
  await expect(annes.statusItem).toHaveText(
    'ANN-LEE · telemetry on, kept on the Jupyter server'
  );
  await expect(consent).toBeHidden();
  // Whose last words the hub no longer let in, sends them when they come again.
  const ofAnn = await waitForEvents(ann, ({ length }) => length === 4);
  expect(ofAnn.map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed',
    'session_ended',
    'session_started'
  ]);
  await bob.signIn(page, 'hub.ipynb');
  await expect(bobs.statusItem).toHaveText(
    'BOB-RAY · telemetry on, kept on the Jupyter server'
  );
  const ofBob = await waitForEvents(bob, ({ length }) => length === 4);
  expect(ofBob.map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed',
    'session_ended',
    'session_started'
  ]);
  const students = (events: ReadonlyArray<IStoredEvent>): string[] => [
    ...new Set(events.map(({ distinct_id }) => distinct_id))
  ];
  expect(students(ofAnn)).toEqual(['ANN_LEE']);
  expect(students(ofBob)).toEqual(['BOB_RAY']);
});
