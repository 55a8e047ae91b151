// Each story in which a student needs somebody, told to a real collector: what the instructor reads.
import type { Page } from '@playwright/test';
import { ClassPage } from '../support/classpage';
import { expect, test } from '../support/fixtures';
import {
  exercisesOf,
  rehearse,
  RehearsedStudent,
  tell
} from '../support/rehearsal';
import type { Server } from '../support/server';

const EXERCISES = exercisesOf(2);
const NOBODY = 'Nobody needs you as far as events tell.';

/** How a server starts whose thresholds are others than the defaults. */
const withThresholds = (given: object): { args: string[] } => ({
  args: [`--IpynbTelemetryApp.class_thresholds=${JSON.stringify(given)}`]
});

/** Students of a class, who have not begun. */
function classOf(notebook: string, ...ids: string[]): RehearsedStudent[] {
  return ids.map(id => new RehearsedStudent(id, notebook));
}

async function nowOf(
  page: Page,
  server: Server,
  notebook: string
): Promise<ClassPage> {
  return ClassPage.open(page, server, `now?in=${notebook}`);
}

test('who needs somebody is told with the reason, until a pass', async ({
  page,
  startServer
}) => {
  const server = await startServer(withThresholds({ heard_minutes: 0.02 }));
  const students = classOf('story-needs', 'SAM', 'SUE', 'SID', 'SKY', 'SAL');
  const [sam, sue, sid, sky, sal] = students;
  for (const value of ["'a'", "'b'", "'c'"]) {
    sam.run('cell1', 'x = table[key]', value);
  }
  sue.run('cell1', 'x = 1').work(6).run('cell1', 'x = 2');
  for (let nth = 0; nth < 10; nth++) {
    sid.test('test_1', 'cell1', false, nth % 2 ? 'too small' : 'too large');
  }
  sky.peek('cell1');
  // Its pass is on its way, and the run behind it is here.
  sal.test('test_1', 'cell1', true).delay().run('cell1', 'x = 1');
  await rehearse(server, 'story-needs', EXERCISES, students);

  const view = await nowOf(page, server, 'story-needs');
  const needs = view.card('Needs you now');
  const stories = [
    [sam, '▲', 'same KeyError 3 times in Exercise 1'],
    [sue, '▲', '6 min in Exercise 1 and not passed'],
    [sid, '▲', '10 tests failed in Exercise 1, none passed'],
    [sky, '△', 'opened the solution of Exercise 1 before any run']
  ] as const;
  await expect(needs.locator('.jp-cv-Big')).toHaveText('4');
  for (const [nth, [student, shape, reason]] of stories.entries()) {
    // The weightiest first.
    const row = needs.getByRole('listitem').nth(nth);
    await expect(row).toContainText(`${student.id} ${reason}`);
    await expect(row.locator('.jp-cv-Shape')).toHaveText(shape);
  }
  const missing = needs.getByRole('group').filter({ hasText: 'not arriving' });
  await expect(missing.locator('summary')).toHaveText('?1 not arriving');
  await missing.locator('summary').click();
  await expect(
    missing.getByText(
      'SAL 1 event is not here: what the student does is not all known'
    )
  ).toBeVisible();

  for (const [student, , reason] of stories) {
    await expect(needs).toContainText(reason);
    await tell(server, [student.test('test_1', 'cell1', true)]);
    await expect(needs).not.toContainText(student.id);
  }
  await expect(needs).toContainText(NOBODY);
  await tell(server, [sal.arrive()]);
  await expect(needs).not.toContainText('not arriving');
});

test('who is quiet while the class works is told until a pass', async ({
  page,
  startServer
}) => {
  const server = await startServer(withThresholds({ recent_minutes: 0.05 }));
  const students = classOf('story-quiet', 'SEB', 'SIV');
  const [quiet, busy] = students;
  quiet.run('cell1', 'x = 1');
  busy.run('cell1', 'x = 1');
  await rehearse(server, 'story-quiet', EXERCISES, students);
  const view = await nowOf(page, server, 'story-quiet');
  const needs = view.card('Needs you now');
  const summary = needs.locator('summary').filter({ hasText: 'quiet' });
  await expect(async () => {
    await tell(server, [busy.run('cell1', 'x = 2')]);
    await expect(summary).toHaveText('○1 quiet for more than 3 s', {
      timeout: 1_000
    });
  }).toPass();
  await summary.click();
  await expect(
    needs.getByRole('listitem').filter({ hasText: 'SEB quiet for' })
  ).toBeVisible();
  await tell(server, [quiet.test('test_1', 'cell1', true)]);
  // Until the next silence; and that one begins with the pass.
  await expect(needs.getByText('SEB')).toBeHidden();
});

test('what an instructor has seen is gone for all of them until there is something new', async ({
  browser,
  page,
  startServer
}) => {
  const server = await startServer();
  const [student] = classOf('story-seen', 'SOL');
  for (const value of ["'a'", "'b'", "'c'"]) {
    student.run('cell1', 'x = table[key]', value);
  }
  await rehearse(server, 'story-seen', EXERCISES, [student]);
  const one = await nowOf(page, server, 'story-seen');
  const context = await browser.newContext();
  const other = await nowOf(await context.newPage(), server, 'story-seen');
  const reason = 'SOL same KeyError 3 times in Exercise 1';
  await expect(other.card('Needs you now')).toContainText(reason);
  await one.page.getByRole('button', { name: 'Mark SOL as seen' }).click();
  for (const { card } of [one, other].map(view => ({
    card: view.card('Needs you now')
  }))) {
    await expect(card).not.toContainText(reason);
    await expect(card).toContainText(NOBODY);
    await expect(card.locator('summary')).toHaveText('1 seen');
  }
  // The same in another exercise is new.
  for (const value of ["'a'", "'b'", "'c'"]) {
    student.run('cell2', 'x = table[key]', value);
  }
  await tell(server, [student]);
  await expect(other.card('Needs you now')).toContainText(
    'SOL same KeyError 3 times in Exercise 2'
  );
  await context.close();
});
