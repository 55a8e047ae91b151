// An instructor merges two names of one person, splits two people of one name, and takes it back.
import { ClassPage } from '../support/classpage';
import { expect, test } from '../support/fixtures';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';

test('names are merged and split, and both is undone', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer();
  const notebook = 'people';
  const ann = new RehearsedStudent('ANN_LEE', notebook).run('cell1', 'x = 1');
  const slip = new RehearsedStudent('ANN_LE', notebook).run('cell1', 'x = 2');
  slip.run('cell1', 'x = 3');
  const one = new RehearsedStudent('KIM_LIM', notebook).run('cell1', 'x = 4');
  const two = new RehearsedStudent('KIM_LIM', notebook).run('cell1', 'x = 5');
  await rehearse(server, notebook, exercisesOf(1), [ann, slip, one, two]);

  const view = await ClassPage.open(page, server, `students?in=${notebook}`);
  const names = view.grid.getByRole('rowheader');
  const said = page.getByRole('list', { name: 'What was said of who is whom' });
  await expect(names).toHaveText(['ANN_LE', 'ANN_LEE', 'KIM_LIM']);
  await page.getByText('Merge or split people').click();
  await view.filter('Name as sent').selectOption('ANN_LE');
  await view.filter('Person').selectOption('ANN_LEE');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(names).toHaveText(['ANN_LEE', 'KIM_LIM']);
  await expect(await view.cell('ANN_LEE', 'Runs of cells')).toHaveText('3');

  await view.filter('Name as sent').selectOption('KIM_LIM');
  await page
    .getByRole('checkbox', { name: /^people, from/ })
    .first()
    .check();
  await view.filter('Person').selectOption('somebody else…');
  await page.getByLabel('Name of the person').fill('\u0644\u064a\u0644\u0649');
  await page.getByRole('button', { name: 'Split', exact: true }).click();
  await expect(names).toHaveText([
    'ANN_LEE',
    'KIM_LIM',
    /\u0644\u064a\u0644\u0649/
  ]);
  await expect(await view.cell('KIM_LIM', 'Runs of cells')).toHaveText('1');
  await expect(said.getByRole('listitem')).toHaveCount(2);
  await page.screenshot({ path: testInfo.outputPath('people.png') });

  await said.getByRole('button', { name: /^Undo: ANN_LE is ANN_LEE/ }).click();
  await expect(names).toHaveText(['ANN_LE', 'ANN_LEE', 'KIM_LIM', /\u0644/]);
  await expect(said.getByRole('listitem').last()).toContainText('undone (');
  // A circle would be nonsense, and the server says so.
  await view.filter('Name as sent').selectOption('KIM_LIM');
  await view.filter('Person').selectOption('somebody else…');
  await page.getByLabel('Name of the person').fill('KIM_LIM');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('KIM_LIM');
});
