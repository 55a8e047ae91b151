// A class collector as an instructor uses it: the login, the class view, and the way out.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { resolve } from 'node:path';
import { code, flagged } from '../support/cells';
import type { ClassCollector } from '../support/classcollector';
import { ClassPage } from '../support/classpage';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

const LESSON = resolve(__dirname, '../../examples/D1_Python_Tooling.ipynb');

/** Play a class that sends to the collector with the class key, as real pages do. */
async function rehearse(collector: ClassCollector): Promise<void> {
  await collector.telemetry(
    ...['simulate', LESSON, '--at-once', '--students', '12'],
    ...['--host', collector.url, '--project-key', collector.classKey]
  );
}

async function logIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Instructor’s key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function expectNoViolation(page: Page): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  expect(passes.length).toBeGreaterThan(0);
  expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
}

test('an instructor logs in and sees the class, and nobody else does', async ({
  page,
  startCollector
}) => {
  const collector = await startCollector();
  await rehearse(collector);
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  await page.goto(`${collector.url}/`);
  await expect(page.getByRole('heading')).toHaveText('Class cs1');
  await logIn(page, collector.classKey);
  await expect(page.getByRole('alert')).toContainText('key of the students');
  await logIn(page, `tcr_${'0'.repeat(32)}`);
  await expect(page.getByRole('alert')).toContainText(
    'not the instructor’s key'
  );
  await logIn(page, collector.instructorKey);
  await expect(page.getByRole('banner')).toContainText(
    `Class cs1: events come to this class collector, ${collector.url}.`
  );
  await expect(page).toHaveURL(`${collector.url}/ipynb-telemetry/class/#now`);
  await page
    .getByRole('button', { name: 'Look at the simulated class' })
    .click();
  const view = new ClassPage(page);
  await expect(view.card('Needs you now')).toContainText('of 11 here');
  await view.show('Progress');
  await expect(view.grid.getByRole('row')).toHaveCount(13);
  await view.show('Now');
  await page
    .getByRole('button', { name: /^Mark .* as seen$/ })
    .first()
    .click();
  await expect(page.getByText('1 seen')).toBeVisible();
  expect(await page.evaluate(() => document.cookie)).toMatch(/^_xsrf=[^;]*$/);
  // A wrong key is answered 401, of which Chromium writes a line itself.
  expect(complaints.filter(text => !text.includes('401'))).toEqual([]);

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByLabel('Instructor’s key')).toBeFocused();
  await page.goBack();
  await expect(page.getByLabel('Instructor’s key')).toBeVisible();
});

test('a session that has ended says so, and the login leads back', async ({
  page,
  startCollector
}) => {
  const collector = await startCollector();
  await page.goto(`${collector.url}/`);
  await logIn(page, collector.instructorKey);
  await expect(page.getByText('No event has come yet')).toBeVisible();
  await collector.endSessions();
  await expect(page.getByText('Your login has ended')).toBeVisible();
  await page.reload();
  await logIn(page, collector.instructorKey);
  await expect(page.getByText('No event has come yet')).toBeVisible();
});

test('a page that no server relays for sends across origins, and reads nothing', async ({
  page,
  startCollector,
  startServer
}) => {
  const collector = await startCollector('--base-url', '/cs1/');
  const server = await startServer({
    settings: { host: collector.url, projectKey: collector.classKey },
    files: { 'across.ipynb': flagged([code('6 * 7')], 'across') }
  });
  const notebook = await NotebookPage.open(page, server, 'across.ipynb');
  await notebook.enterName('Across', 'Origins');
  await notebook.runToEnd(0);
  await expect
    .poll(() => collector.events())
    .toEqual([
      ['session_started', 'ACROSS_ORIGINS'],
      ['cell_executed', 'ACROSS_ORIGINS']
    ]);
  const read = await page.evaluate(
    ([url, key]) =>
      fetch(`${url}/ipynb-telemetry/api/events`, {
        headers: { Authorization: `Bearer ${key}` }
      }).then(
        ({ status }) => String(status),
        (error: Error) => error.name
      ),
    [collector.url, collector.classKey] as const
  );
  expect(read).toBe('TypeError');
});

for (const relay of [true, false]) {
  test(`the notice says after how many days the class collector deletes, ${relay ? 'by way of the server' : 'across origins'}`, async ({
    page,
    startCollector,
    startServer
  }) => {
    const collector = await startCollector('--retention-days', '30');
    const server = await startServer({
      settings: { host: collector.url, projectKey: collector.classKey, relay },
      files: { 'kept.ipynb': flagged([code('6 * 7')], 'kept') }
    });
    const notebook = await NotebookPage.open(page, server, 'kept.ipynb', {
      kernel: false
    });
    await expect(notebook.namePrompt).toContainText(
      'Deletedafter 30 days, by the collector'
    );
  });
}

test('the notice does without the days where the class collector is away', async ({
  page,
  startCollector,
  startServer
}) => {
  const collector = await startCollector('--retention-days', '30');
  const server = await startServer({
    settings: { host: collector.url, projectKey: collector.classKey },
    files: { 'away.ipynb': flagged([code('6 * 7')], 'away') }
  });
  // Takes the question, and never answers.
  const asked = page.waitForRequest('**/notice/retention');
  await page.route('**/notice/retention', () => undefined);
  const notebook = await NotebookPage.open(page, server, 'away.ipynb', {
    kernel: false
  });
  await asked;
  await expect(notebook.namePrompt).toContainText('Recordedwhen you open');
  await expect(notebook.namePrompt).not.toContainText('Deleted');
});

test('axe finds nothing, and no mouse is needed', async ({
  page,
  startCollector
}) => {
  const collector = await startCollector('--base-url', '/courses/cs1/');
  expect(collector.url).toMatch(/\/courses\/cs1$/);
  await rehearse(collector);
  await page.goto(`${collector.url}/`);
  await page.keyboard.type('tcr_wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNoViolation(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoViolation(page);
  await page.keyboard.type(collector.instructorKey);
  await page.keyboard.press('Enter');
  const logOut = page.getByRole('button', { name: 'Log out' });
  await expect(logOut).toBeVisible();
  const look = page.getByRole('button', {
    name: 'Look at the simulated class'
  });
  await expect(look).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(logOut).toBeFocused();
  await look.focus();
  await page.keyboard.press('Enter');
  await expect(new ClassPage(page).card('Needs you now')).toContainText(
    'of 11 here'
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolation(page);
  }
  // The view fits below the line: the page itself does not scroll.
  expect(
    await page.evaluate(
      () => document.documentElement.scrollHeight <= window.innerHeight
    )
  ).toBe(true);
  await logOut.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${collector.url}/login`);
});
