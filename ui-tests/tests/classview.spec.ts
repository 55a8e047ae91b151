import type { Locator, Page } from '@playwright/test';
import { code, flagged, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';
import type { Server } from '../support/server';

const EXERCISES = exercisesOf(3);
const TABS = [
  'Now',
  'Progress',
  'Exercises',
  'Errors',
  'Students',
  'Delivery'
] as const;

/** A class of eight, of whom one is stuck, one peeks and one has not begun. */
async function aClass(server: Server, notebook: string): Promise<void> {
  const ids = ['ANN', 'BEN', 'CLEO', 'DAN', 'EVE', 'FAY', 'GIL'];
  const students = ids.map(id => new RehearsedStudent(id, notebook));
  students.forEach((student, index) => {
    student.run('cell1', 'x = 1').test('test_1', 'cell1', index % 2 === 0);
    if (index % 2) {
      student.run('cell1', 'x = 2').test('test_1', 'cell1', true);
    }
  });
  const [, ben, cleo, dan] = students;
  for (let nth = 0; nth < 4; nth++) {
    ben.run('cell2', `y = table['k${nth}']`, `'k${nth}'`);
  }
  cleo
    .peek('cell2')
    .run('cell2', 'y = 1')
    .test('test_2', 'cell2', true)
    .leave();
  dan.run('cell2', 'y = 0').test('test_2', 'cell2', false);
  const members = [...ids, 'HAL'].map((id, index) => ({
    id,
    name: `${id[0]}${id.slice(1).toLowerCase()} Person`,
    group: index % 2 ? 'B' : 'A',
    is_staff: false
  }));
  await rehearse(server, notebook, EXERCISES, students, members);
}

/** The class view in JupyterLab, from the launcher's card. */
async function fromLauncher(page: Page, server: Server): Promise<Locator> {
  await page.goto(`${server.baseUrl}lab?reset&token=${server.token}`);
  await page.locator('.jp-LauncherCard[title^="See who"]').click();
  const view = page.locator('.jp-ipynb-telemetry-Class');
  await expect(view).toContainText('live, updated');
  return view;
}

test('the launcher opens the view, which says what the class did', async ({
  page,
  server
}) => {
  const cells = EXERCISES.map(({ title }, index) => [
    markdown(`## ${title}`),
    { ...code('x = 1'), id: `cell${index + 1}` }
  ]).flat();
  await server.write('class-lab.ipynb', flagged(cells, 'class-lab'));
  await aClass(server, 'class-lab');
  const view = await fromLauncher(page, server);
  await view.getByLabel('Notebook').selectOption('class-lab');
  const needs = view.getByRole('region', { name: 'Needs you now' });
  await expect(needs).toContainText('Ben Person same KeyError 4 times');
  await expect(needs).toContainText('1 not started');

  await needs.getByRole('button', { name: 'Open Ben Person' }).click();
  const opened = view.getByRole('region', { name: 'Opened' });
  await expect(opened.locator('ins').last()).toHaveText("+ y = table['k3']");
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();
  await needs.getByRole('button', { name: 'Mark Ben Person as seen' }).click();
  await expect(needs).not.toContainText('same KeyError');
  await expect(needs).toContainText('1 seen');

  await view.getByRole('tab', { name: 'Progress' }).click();
  const row = (name: string): Locator =>
    view.getByRole('grid').getByRole('row', { name });
  await expect(row('Cleo').getByLabel('Exercise 2:')).toHaveText('◐');
  await expect(row('Dan').getByLabel('Exercise 2:')).toHaveText('✗1');
  await expect(row('Ben').getByLabel('Exercise 1:')).toHaveText('✓2');
  await expect(row('Ann').getByLabel('Exercise 2:')).toHaveText('·');
  await expect(row('Hal')).toContainText('never');
  await view.getByLabel('Group').selectOption('A');
  await expect(row('Ben')).toBeHidden();
  await expect(row('Cleo').getByLabel('Exercise 2:')).toHaveText('◐');

  // What is open when the page is loaded again looks where it looked.
  const saved = page.waitForRequest(
    request =>
      request.method() === 'PUT' &&
      /\/workspaces\//.test(request.url()) &&
      /student=CLEO/.test(request.postData() ?? '')
  );
  await row('Cleo').getByLabel('Exercise 2:').click();
  await expect(opened).toContainText('opened “Solution of cell2”');
  await (await saved).response();
  await page.goto(`${server.baseUrl}lab?token=${server.token}`);
  await expect(view.getByRole('tab', { name: 'Progress' })).toHaveAttribute(
    'aria-selected',
    'true'
  );
  await expect(opened).toContainText('opened “Solution of cell2”');
  await expect(view.getByLabel('Group')).toHaveValue('A');

  await opened.getByRole('button', { name: 'Open in the notebook' }).click();
  const active = page.locator('.jp-Notebook .jp-Cell.jp-mod-active');
  await expect(active).toContainText('x = 1');
  await expect(active.locator('..').locator('.jp-Cell').nth(3)).toHaveClass(
    /jp-mod-active/
  );
});

test('the page of its own tells the same, with no more than its policy allows', async ({
  page,
  server
}) => {
  await aClass(server, 'class-page');
  const complaints: string[] = [];
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  const address = `${server.baseUrl}ipynb-telemetry/class/`;
  await page.goto(
    `${address}?token=${server.token}#progress?in=class-page&names=hidden`
  );
  const grid = page.getByRole('grid');
  const third = grid.getByRole('row', { name: 'Student 03' });
  await expect(third.getByLabel('Exercise 2:')).toHaveText('◐');
  await third.getByLabel('Exercise 2:').click();
  await expect(page.getByRole('region', { name: 'Opened' })).toContainText(
    'opened “Solution of cell2”'
  );
  // A projector shows no name, not in the address either, and no token.
  await expect(page).toHaveURL(/student=%7E3/);
  expect(page.url()).not.toMatch(/token|CLEO/i);
  expect(await page.locator('body').innerText()).not.toMatch(/Cleo/i);

  for (const name of TABS) {
    await page.getByRole('tab', { name }).click();
    await expect(page.getByRole('tabpanel', { name })).not.toBeEmpty();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
  await expect(page.getByRole('grid', { name: 'Sessions' })).toContainText(
    '✓ complete'
  );
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await saving).suggestedFilename()).toBe('delivery.csv');

  await page.getByRole('tab', { name: 'Now' }).click();
  await page.getByRole('button', { name: 'Mark Student 02 as seen' }).click();
  await expect(page.getByText('1 seen')).toBeVisible();
  await expect(page.locator('.jp-cv-Chart svg').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('Notebook 7, which shows one document a page, opens the page of its own', async ({
  page,
  startServer
}) => {
  const server = await startServer({ app: 'notebook' });
  await server.write('class-seven.ipynb', flagged([code('1')], 'class-seven'));
  const notebook = await NotebookPage.open(page, server, 'class-seven.ipynb');
  await notebook.decline();
  const opening = page.context().waitForEvent('page');
  await notebook.execute('ipynb-telemetry:open-class-view');
  const own = await opening;
  await expect(own).toHaveURL(/\/ipynb-telemetry\/class\//);
  await expect(own.getByText('No event has come yet')).toBeVisible();
});
