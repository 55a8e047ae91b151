// The five questions of an instructor: each is answered from the opened view by three clicks at most.
import { ClassPage } from '../support/classpage';
import { aClass } from '../support/classroom';
import { expect, test } from '../support/fixtures';
import { RehearsedStudent, tell } from '../support/rehearsal';

const MOST_CLICKS = 3;

const QUESTIONS: Record<string, (view: ClassPage) => Promise<void>> = {
  'Who has done what?': async view => {
    await view.show('Progress');
    await expect(view.row('Dan')).toContainText('✓');
    await expect(await view.cell('Fay', 'Exercises solved')).toHaveText('2/3');
    await expect(await view.cell('class', 'Exercise 2')).toHaveText('11 %');
    // And how: the attempts, one after the other.
    await view.click(await view.cell('Eve', 'Exercise 1'));
    await expect(view.opened).toContainText(
      /failed test_1.*failed test_1.*passed test_1/s
    );
  },

  'Which error is common, and who is still stuck?': async view => {
    const errors = view.card('Errors now');
    await expect(errors.getByRole('listitem').first()).toContainText(
      'KeyError'
    );
    await view.click(errors.getByRole('listitem').first().getByRole('button'));
    const section = (name: string): ReturnType<ClassPage['card']> =>
      view.opened
        .locator('section')
        .filter({ has: view.page.getByRole('heading', { name }) });
    await expect(section('2 still stuck').getByRole('button')).toHaveText([
      'Dan Person',
      'Eve Person'
    ]);
    await expect(section('1 went on').getByRole('button')).toHaveText([
      'Fay Person'
    ]);
    await expect(section('A sample')).toContainText('KeyError');
  },

  'Where did time go?': async view => {
    await view.show('Students');
    await view.click(
      view.grid.getByRole('button', { name: 'Active time, without pauses' })
    );
    const first = view.grid.getByRole('row').nth(1);
    await expect(first).toContainText('Fay Person');
    await expect(
      await view.cell('Fay', 'Active time, without pauses')
    ).toHaveText('5 min');
    // By exercise, of the five who passed.
    await view.show('Exercises');
    await expect(view.grid).toContainText('Exercise 1');
    await expect(
      view.page.getByRole('img', {
        name: 'Exercise 1: median 20 s, from 16 s to 2 min'
      })
    ).toBeVisible();
  },

  'Who looked at solutions before trying?': async view => {
    // Who has not tried since is told at once.
    await expect(view.card('Needs you now')).toContainText(
      'Ann Person opened the solution of Exercise 3 before any run'
    );
    await view.click(
      view.card('Where the class is').getByRole('button', {
        name: 'Exercise 1',
        exact: true
      })
    );
    await expect(view.opened).toContainText(
      /Opened the solution before any run: 1Fay Person/
    );
  },

  'Who needs me now, and who was away?': async view => {
    const needs = view.card('Needs you now');
    await expect(needs).toContainText(
      'Eve Person same KeyError 3 times in Exercise 2'
    );
    await expect(needs).toContainText('1 not started');
    await view.show('Students');
    await view.click(
      view.grid.getByRole('button', {
        name: 'Share of the time away from the notebook'
      })
    );
    const first = view.grid.getByRole('row').nth(1);
    await expect(first).toContainText('Dan Person');
    await expect(
      await view.cell('Dan', 'Share of the time away from the notebook')
    ).toHaveText(/^9\d %$/);
  }
};

test('each question is answered by three clicks', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-tasks');
  // Two more, who are in no roster, so that there are enough to speak of times.
  const more = ['GUS', 'HAL'].map(id =>
    new RehearsedStudent(id, 'class-tasks')
      .run('cell1', 'x = 1')
      .work(2)
      .test('test_1', 'cell1', true)
  );
  await tell(server, more);
  for (const [question, answer] of Object.entries(QUESTIONS)) {
    await test.step(question, async () => {
      const view = await ClassPage.open(page, server);
      await answer(view);
      expect(view.clicks, question).toBeLessThanOrEqual(MOST_CLICKS);
    });
  }
});
