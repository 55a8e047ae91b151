// Every figure opens what it was made of: bars of charts, the delivery line, a student's page.
import AxeBuilder from '@axe-core/playwright';
import { ClassPage } from '../support/classpage';
import { aClass } from '../support/classroom';
import { expect, test } from '../support/fixtures';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';

test('bars of charts open the students they are made of, by pointer and by keyboard', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  const notebook = 'class-bars';
  const students = ['ANN', 'BEA', 'CLEO', 'DAN', 'EVE', 'FAY'].map(
    id => new RehearsedStudent(id, notebook)
  );
  const [ann, bea, cleo, dan, ...rest] = students;
  for (const passes of [ann, bea]) {
    passes.test('test_1', 'cell1', true).test('test_2', 'cell2', true);
  }
  cleo.test('test_1', 'cell1', false).test('test_1', 'cell1', true);
  dan.run('cell1', 'x = 1').peek('cell1').test('test_1', 'cell1', false);
  for (const late of rest) {
    late.test('test_1', 'cell1', false).peek('cell1');
    late.test('test_1', 'cell1', true).test('test_2', 'cell2', false);
  }
  cleo.run('cell2', 'y = 1');
  await rehearse(server, notebook, exercisesOf(2), students);

  const view = await ClassPage.open(page, server, `exercises?in=${notebook}`);
  const bar = (name: string) => page.getByRole('button', { name, exact: true });
  await bar('Exercise 1: 3 students, try 2').click();
  await expect(view.opened).toContainText('Passed at the second try: 3');
  await expect(view.opened.getByRole('listitem')).toHaveText([
    'CLEO',
    'EVE',
    'FAY'
  ]);
  await expect(page).toHaveURL(/part=two/);
  await view.opened.getByRole('button', { name: 'EVE', exact: true }).click();
  await expect(view.opened).toContainText(/failed test_1.*passed test_1/s);
  await page.keyboard.press('Escape');

  await bar('Exercise 1: 2 students, after failures').click();
  await expect(view.opened.getByRole('listitem')).toHaveText([/^EVE/, /^FAY/]);
  await page
    .getByRole('button', { name: /^Exercise 1: 5 passed, median \d+ s$/ })
    .click();
  await expect(view.opened).toContainText('Passed: 5');

  // A stop of the keyboard for each chart, and arrow keys within it.
  await bar('Exercise 1: 2 students, try 1').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(bar('Exercise 1: 1 student, not yet')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(view.opened).toContainText('Tried and not passed: 1');
  await expect(view.opened.getByRole('listitem')).toHaveText('DAN');
  await page.keyboard.press('Escape');
  await expect(bar('Exercise 1: 1 student, not yet')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveAttribute(
    'aria-label',
    /: \d passed, median/
  );
});

test('the delivery line opens what is missing, and a session what came of it', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    args: ['--IpynbTelemetryApp.class_thresholds={"recent_minutes": 3}']
  });
  await aClass(server, 'class-delivery');
  const view = await ClassPage.open(page, server, 'now?in=class-delivery');
  await view
    .card('Delivery')
    .getByRole('button', { name: '1 event is missing in 1' })
    .click();
  await expect(view.grid.getByRole('rowheader')).toHaveText(['Cleo Person']);
  await expect(page).toHaveURL(/sessions=missing/);
  await expect(
    view.grid.getByRole('columnheader', { name: /heard for 3 min\./ })
  ).toHaveCount(1);
  await (await view.cell('Cleo', 'Events that are missing')).click();
  await expect(view.opened).toContainText('A session in class-delivery, from');
  await expect(view.opened).toContainText(
    '1 event of this session is missing.'
  );
  await expect(view.opened.locator('.jp-cv-Timeline > li')).toContainText([
    'opened the notebook',
    '1 event is missing here',
    'failed test_1'
  ]);
  await page.getByRole('checkbox', { name: 'missing events' }).uncheck();
  await expect(view.grid.getByRole('rowheader')).toHaveCount(6);
});

test('a student’s page says when the student was there, and what was looked at', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-page');
  const view = await ClassPage.open(page, server, 'students?in=class-page');
  await view.row('Dan').getByRole('rowheader').click();
  await expect(view.opened).toContainText(
    /Away 9\d % of \d+ min: another window 1 ×/
  );
  await expect(view.opened.getByRole('img')).toHaveAttribute(
    'aria-label',
    /^\d.* – .*, .* – /
  );
  await view.row('Fay').getByRole('rowheader').click();
  await expect(view.opened).toContainText('Opened solutions: 1');
  await expect(view.opened).toContainText(
    /Exercise 1 before any run, open for 15 s/
  );
  await view.opened
    .getByRole('button', { name: 'Exercise 1', exact: true })
    .click();
  await expect(view.opened).toContainText('opened “Solution of cell1”');
  await expect(view.opened).not.toContainText('KeyError');
});

test('a roster is given as a file, and refused in words', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  const students = ['ANN', 'TEACHER'].map(id =>
    new RehearsedStudent(id, 'class-roster').run('cell1', 'x = 1')
  );
  const view = await ClassPage.open(page, server, 'now');
  await expect(page.getByText('No event has come yet')).toBeVisible();
  const give = async (text: string): Promise<void> => {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Roster…' }).click();
    await (
      await choosing
    ).setFiles({
      name: 'class.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(text)
    });
  };
  await give('id,name\nANN,Ann Lee\n');
  await expect(page.getByText('The roster has 1 member now.')).toBeVisible();

  await rehearse(server, 'class-roster', exercisesOf(1), students);
  await view.show('Students');
  await expect(view.grid.getByRole('rowheader')).toHaveText([
    'Ann Lee',
    'TEACHER'
  ]);
  await give('id,name,staff\nANN,Ann Lee,perhaps\n');
  await expect(page.getByRole('alert')).toHaveText(
    "The roster line 2: staff is yes or no, not 'perhaps'."
  );
  await give('id;name;staff\nKIM;Kim Lim;\nANN;Ann Lee;no\nTEACHER;;yes\n');
  await expect(page.getByText('The roster has 3 members now.')).toBeVisible();
  await expect(view.grid.getByRole('rowheader')).toHaveText([
    'Kim Lim',
    'Ann Lee'
  ]);
  await expect(page.getByText('The roster names 2 students.')).toBeVisible();
});

test('a class whose events go to PostHog says where to look, and with which command', async ({
  page,
  startServer
}, testInfo) => {
  const server = await startServer({
    settings: {
      host: 'https://eu.i.posthog.com',
      projectKey: 'phc_a_key_of_a_project'
    }
  });
  await ClassPage.open(page, server, 'now');
  await expect(
    page.getByRole('heading', { name: 'Events go to PostHog, and not here' })
  ).toBeVisible();
  const link = page.getByRole('link', { name: 'Open eu.posthog.com' });
  await expect(link).toHaveAttribute('href', 'https://eu.posthog.com');
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(page.getByLabel('Command')).toHaveText(
    'jupyter telemetry posthog provision --project NUMBER --host https://eu.posthog.com'
  );
  expect(await page.content()).not.toContain('phc_a_key');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await new AxeBuilder({ page }).analyze();
    expect(passes.length).toBeGreaterThan(0);
    expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
    await page.screenshot({ path: testInfo.outputPath(`${colorScheme}.png`) });
  }
});
