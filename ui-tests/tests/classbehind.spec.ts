// Who and what is behind the figures of the class: each opens its students, and they their events.
import { ClassPage } from '../support/classpage';
import { aClass, BEGAN_MS } from '../support/classroom';
import { expect, test } from '../support/fixtures';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';

test('the figures of Now open the students who are there, done, or not begun', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-now');
  const view = await ClassPage.open(page, server, 'now?in=class-now');
  const figure = (name: string) =>
    page.getByRole('button', { name, exact: true });
  const listed = view.opened.getByRole('listitem');

  await figure('Exercise 1: 2 here').click();
  await expect(view.opened).toContainText('Here: 2');
  await expect(listed).toHaveText([
    'Bea Persontried, 2 runs',
    'Cleo Personfailing after 3 tries'
  ]);
  await view.opened.getByRole('button', { name: 'Cleo Person' }).click();
  await expect(view.opened).toContainText('failed test_1');
  await page.keyboard.press('Escape');

  await figure('Exercise 2: 2 here').focus();
  await page.keyboard.press('Enter');
  await expect(listed).toHaveText([/^Dan/, /^Eve/]);
  await figure('Exercise 1: solved 3').click();
  await expect(listed).toHaveText([/^Dan/, /^Eve/, /^Fay/]);
  await figure('2 tried nothing yet').click();
  await expect(listed).toHaveText(['Ann Person', 'Nil Person']);
  await figure('0 done').click();
  await expect(view.opened).toContainText('Students: 0');

  await figure('6 of 7 here').click();
  await expect(view.opened).toContainText('A notebook is open: 6');
  await expect(listed.last()).toHaveText('Nil Person');
  await figure('1 not started').click();
  await expect(listed).toHaveText(['Nil Person']);

  await figure('◂ median').click();
  await expect(listed).toHaveText([
    'Fay Person2 exercises',
    'Dan Person1 exercise',
    'Eve Person1 exercise',
    'Bea Person0 exercises',
    'Cleo Person0 exercises'
  ]);
  await view.opened.getByRole('button', { name: 'Fay Person' }).click();
  await expect(view.opened.locator('.jp-cv-Timeline > li')).toContainText([
    'passed test_1',
    'passed test_2'
  ]);
  await expect(view.opened.locator('.jp-cv-Timeline > li')).toHaveCount(2);
  await figure('Back to the list').click();
  await expect(listed).toHaveCount(5);

  // The line over time: who had solved what at its first moment.
  await page
    .getByRole('button', { name: /^Solved at .*: median 0, / })
    .first()
    .click();
  await expect(view.opened).toContainText('Exercises solved until');
  await expect(listed).toHaveText(Array<RegExp>(5).fill(/0 exercises$/));
});

test('five minutes of the presence open who was there, and what was done in them', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  const [notebook, slot] = ['class-slots', 5 * 60_000];
  const began = Math.floor(BEGAN_MS / slot) * slot;
  const [ann, bea, cleo] = ['ANN', 'BEA', 'CLEO'].map(
    id => new RehearsedStudent(id, notebook, began)
  );
  ann.run('cell1', 'x = 1').away(10).run('cell1', 'x = 2');
  bea.run('cell1', 'x = 3');
  cleo.run('cell1', 'x = 4').work(10).run('cell1', 'x = 5');
  await rehearse(server, notebook, exercisesOf(1), [ann, bea, cleo]);

  const view = await ClassPage.open(page, server, `students?in=${notebook}`);
  const places = page
    .getByRole('group', { name: 'Open what a part of the chart is made of' })
    .getByRole('button');
  await expect(places).toHaveCount(3);
  const listed = view.opened.getByRole('listitem');
  await places.first().focus();
  await page.keyboard.press('End');
  await expect(places.last()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(view.opened).toContainText('Present: 2');
  await expect(view.opened).toContainText('Not there: 1');
  await expect(listed).toHaveText(['ANN', 'CLEO', 'BEA']);
  const events = view.opened.locator('.jp-cv-Timeline > li');
  await view.opened.getByRole('button', { name: 'CLEO' }).click();
  await expect(events).toHaveCount(1);
  await expect(events).toContainText('x = 5');
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await view.opened.getByRole('button', { name: 'BEA' }).click();
  await expect(view.opened).toContainText('Nothing was done here in this time');

  // Nobody was there in the five minutes between, which the server does not name.
  await places.nth(1).click();
  await expect(view.opened).toContainText('Present: 0');
  await page.keyboard.press('Escape');
  await expect(places.nth(1)).toBeFocused();

  await view.row('CLEO').getByRole('rowheader').click();
  await view.opened.getByRole('button', { name: / – / }).first().click();
  await expect(events).toHaveCount(2);
  await expect(events).toContainText(['opened the notebook', 'x = 4']);
});

test('a dot of the times opens that student’s work on that exercise', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  const notebook = 'class-dots';
  const students = ['ANN', 'BEA', 'CLEO', 'DAN', 'EVE'].map((id, nth) =>
    new RehearsedStudent(id, notebook)
      .work(nth)
      .test('test_1', 'cell1', true)
      .run('cell2', 'y = 1')
  );
  await rehearse(server, notebook, exercisesOf(2), students);
  const view = await ClassPage.open(page, server, `exercises?in=${notebook}`);
  const dot = page.getByRole('button', { name: /^Exercise 1: CLEO passed/ });
  await expect(dot).toHaveAttribute('aria-label', / passed after 2 min$/);
  await dot.click();
  const events = view.opened.locator('.jp-cv-Timeline > li');
  await expect(view.opened.getByRole('heading').first()).toHaveText('CLEO');
  await expect(events).toHaveCount(1);
  await expect(events).toContainText('passed test_1');
  await page.keyboard.press('Escape');
  await expect(dot).toBeFocused();

  // From the box to the first of its dots, and on.
  const box = page.getByRole('button', { name: /^Exercise 1: 5 passed, / });
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await expect(box).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':focus')).toHaveAccessibleName(/: ANN passed/);
  await page.keyboard.press('Enter');
  await expect(view.opened.getByRole('heading').first()).toHaveText('ANN');
});

test('figures of tables open the students and events they are made of', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-tables');
  const view = await ClassPage.open(page, server, 'progress?in=class-tables');
  const events = view.opened.locator('.jp-cv-Timeline > li');
  const listed = view.opened.getByRole('listitem');

  await (await view.cell('class', 'Exercise 2')).click();
  await expect(view.opened).toContainText('Passed: 1');
  await expect(listed).toHaveText([/^Fay/]);
  const active = await view.cell('class', 'Active time, without pauses');
  await active.focus();
  await page.keyboard.press('Enter');
  await expect(view.opened).toContainText('Active time, without pauses');
  await expect(listed.first()).toHaveText(/^Fay Person\d min$/);
  await (await view.cell('Eve', 'Exercises solved')).click();
  await expect(events).toHaveCount(1);
  await (
    await view.cell('Eve', 'Events per five minutes of the last hour')
  ).click();
  await expect(view.opened).toContainText('Since');
  await expect(events).toHaveCount(7);

  await view.show('Students');
  for (const [column, count, words] of [
    ['Runs of cells', 3, 'ran a cell'],
    ['Runs that ended in an error', 3, 'ran a cell: KeyError'],
    ['Results of tests that failed', 2, 'failed test_1']
  ] as const) {
    const cell = await view.cell('Eve', column);
    await expect(cell).toHaveText(String(count));
    await cell.click();
    await expect(events).toHaveCount(count);
    await expect(events.first()).toContainText(words);
  }
  await (
    await view.cell('Dan', 'Share of the time away from the notebook')
  ).click();
  await expect(events).toContainText([
    'left the notebook',
    'came back after 10'
  ]);
  await view.opened
    .getByRole('button', { name: 'All of this student' })
    .click();
  await expect(events).toHaveCount(6);
  await view.opened.getByRole('button', { name: /^Away 9\d %/ }).click();
  await expect(events).toHaveCount(2);
  await page.getByRole('button', { name: /^away \d+ % of the time/ }).click();
  await expect(listed.first()).toHaveText(
    /^Dan Person9\d % of \d+ min · another window 1 ×$/
  );
  await page
    .getByRole('button', { name: 'The roster names 7 students.' })
    .click();
  await expect(listed).toHaveText([
    /^Ann/,
    /^Bea/,
    /^Cleo/,
    /^Dan/,
    /^Eve/,
    /^Fay/,
    /^Nil/
  ]);

  await view.show('Exercises');
  await (
    await view.cell('Exercise 1', 'Passed at the third try or later')
  ).click();
  await expect(listed).toHaveText([/^Eve/]);
  await (
    await view.cell('Exercise 1', 'Opened the solution before passing')
  ).click();
  await expect(listed).toHaveText([/^Fay/]);
  await (await view.cell('Exercise 1', 'Students who tried')).click();
  await expect(listed).toHaveText([
    'Bea Persontried, 2 runs; 0 exercises solved',
    'Cleo Personfailing after 3 tries; 0 exercises solved',
    'Dan Personpassed at try 1; 1 exercise solved',
    'Eve Personpassed at try 3; 1 exercise solved',
    'Fay Personpassed at try 2, after looking at the solution; 2 exercises solved'
  ]);

  await view.show('Errors');
  await (await view.cell('KeyError', 'times')).click();
  await expect(view.opened).toContainText('2 still stuck');
});
