// A computer that students share, from one student to the next.
import type { Page } from '@playwright/test';
import { browserStorage } from '../support/browserstorage';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

/** The keys of what is kept of ours, without the server's address. */
async function keysOfOurs(page: Page, scope: string): Promise<string[]> {
  return Object.keys(await browserStorage(page))
    .filter(key => key.includes('ipynb-telemetry'))
    .map(key => key.replace(scope, '…').replace(/[0-9a-f]{64}$/, '#'))
    .sort();
}

test('nothing of a student is left to the next one, in no window and no storage', async ({
  context,
  page,
  startServer
}) => {
  const server = await startServer({
    files: { 'handed.ipynb': flagged([code('work_of_ann = 6 * 7')], 'handed') },
    settings: {
      sharedComputer: true,
      events: { blur: false, focus: false }
    }
  });
  await context.clock.install();
  const notebook = await NotebookPage.open(page, server, 'handed.ipynb');
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  const other = await NotebookPage.open(
    await context.newPage(),
    server,
    'handed.ipynb'
  );
  await expect(other.statusItem).toContainText('ANN-LEE · telemetry on');
  const [, ran] = await waitForEvents(server, ({ length }) => length === 3, {
    notebook: 'handed'
  });

  // In both windows it is open what is recorded of her.
  const codes: string[] = [];
  for (const { page: window, rightsMenu } of [notebook, other]) {
    await window.bringToFront();
    await rightsMenu.click();
    await window
      .getByRole('menuitem', { name: 'See What Is Recorded About Me' })
      .click();
    const seen = window.getByRole('region', {
      name: 'What is recorded about me'
    });
    await expect(seen).toContainText('Ran cell [1]');
    await seen.getByText('I work on another device, too').click();
    codes.push(await seen.locator('code').innerText());
  }
  expect(new Set(codes).size).toBe(1);
  await other.rightsMenu.click();
  await other.page.getByRole('menuitem', { name: 'Until I say so' }).click();
  await expect(notebook.statusItem).toContainText('paused');
  const before = await keysOfOurs(page, server.baseUrl);
  for (const kind of ['code', 'consent', 'pause', 'sessions', 'student']) {
    expect(before.filter(key => key.includes(`:${kind}:`))).not.toEqual([]);
  }

  // What waits is sent under her name, and is here until then.
  const waiting = `database ipynb-telemetry:${server.baseUrl}| events`;
  await expect
    .poll(async () => (await browserStorage(page))[waiting])
    .toBe('[]');

  await context.clock.fastForward('31:00');
  for (const { page: window, namePrompt } of [notebook, other]) {
    await expect(namePrompt.getByLabel('First name')).toHaveValue('');
    await expect(window.locator('body')).not.toContainText('Ran cell');
    await expect(window.locator('body')).not.toContainText(codes[0]);
    const kept = JSON.stringify(await browserStorage(window));
    for (const trace of [
      ...['ANN_LEE', 'ANN-LEE', 'Ann', 'work_of_ann'],
      codes[0].replace(/-/g, ''),
      ran.properties.session_id as string
    ]) {
      expect(kept).not.toContain(trace);
    }
    // The key of the consent is nobody's: it says where what waits may go.
    expect(await keysOfOurs(window, server.baseUrl)).toEqual([
      'database ipynb-telemetry:…| asides',
      'database ipynb-telemetry:…| counts',
      'database ipynb-telemetry:…| events',
      'local ipynb-telemetry:consent:…|:#',
      'local ipynb-telemetry:folders:…|',
      'local ipynb-telemetry:working:…|',
      'session ipynb-telemetry:page:…|'
    ]);
  }

  // Whoever gives her name is not her: sees nothing of it, and is recorded as from now on.
  await page.bringToFront();
  await notebook.enterName('Ann', 'Lee');
  await notebook.rightsMenu.click();
  await page
    .getByRole('menuitem', { name: 'See What Is Recorded About Me' })
    .click();
  const seen = page.getByRole('region', { name: 'What is recorded about me' });
  await expect(seen).toContainText('Started working');
  await expect(seen).not.toContainText('Ran cell');
  await seen.getByText('I work on another device, too').click();
  await expect(seen.locator('code')).not.toHaveText(codes[0]);
});
