import type { Locator, Page } from '@playwright/test';
import { code, flagged, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';
import type { Server } from '../support/server';

const EXERCISES = exercisesOf(3);

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
  cleo.peek('Solution 2').run('cell2', 'y = 1').test('test_2', 'cell2', true);
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
  const cells = EXERCISES.map(({ title }) => [
    markdown(`## ${title}`),
    code('x = 1')
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
  await expect(opened).toContainText("y = table['k3']");
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();

  await view.getByRole('tab', { name: 'Progress' }).click();
  const grid = view.getByRole('grid');
  const cell = grid.getByRole('row', { name: 'Cleo' }).getByLabel('Exercise 2');
  await expect(cell).toHaveText('◐');
  await expect(
    grid.getByRole('row', { name: 'Ben' }).getByLabel('Exercise 1:')
  ).toHaveText('✓2');
  await expect(grid.getByRole('row', { name: 'Hal' })).toContainText('never');
});
