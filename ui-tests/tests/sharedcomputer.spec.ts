// A computer that students share: nothing of a student is left to the next.
import { readFile } from 'node:fs/promises';
import { FILES, run } from '../support/consentlesson';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

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
