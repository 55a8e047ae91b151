import type { Page } from '@playwright/test';
import { flagged } from '../support/cells';
import type { IOtherEnd } from '../support/collector';
import { everything, type Language } from '../support/everything';
import { PROJECT_KEY } from '../support/fault';
import { test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { scripted } from '../support/litesite';
import { NotebookPage, type IPlace } from '../support/notebook';
import { Student } from '../support/student';

const FILE = 'everything.ipynb';

/** In a page with the notebook, a student comes and does what can be told of everywhere. */
async function work<P extends IPlace & IOtherEnd>(
  page: Page,
  place: P,
  language?: Language
): Promise<[Student, Lesson<P>]> {
  const lesson = new Lesson(page, place, FILE);
  await lesson.enterName('Ann', 'Lee');
  await lesson.idle();
  const student = new Student(lesson, language);
  await student.peeks();
  await student.leaves();
  await student.runsAll();
  await student.isGraded();
  await student.restarts();
  await student.pastesText();
  await student.pastesCells();
  return [student, lesson];
}

test('all there is to tell is told in Notebook 7', async ({
  page,
  startServer
}) => {
  const files = { [FILE]: flagged(everything('python')) };
  const server = await startServer({ app: 'notebook', files });
  await NotebookPage.open(page, server, FILE);
  const [student, lesson] = await work(page, server);
  await student.runsTests();
  await student.floods();
  await lesson.history();
});

test('all there is to tell is told in a hub', async ({ page, startHub }) => {
  const files = { [FILE]: flagged(everything('python')) };
  const hub = await startHub({ users: ['ann'], files });
  const ann = hub.user('ann');
  await ann.signIn(page, FILE);
  const [student, lesson] = await work(page, ann);
  await student.changesTab();
  await student.runsTests();
  await student.floods();
  await lesson.history();
});

test('all there is to tell is told in JupyterLite', async ({
  page,
  lite,
  posthog
}) => {
  const site = await lite.publish('course', {
    files: { [FILE]: scripted(everything('javascript')) },
    settings: { projectKey: PROJECT_KEY, host: posthog.origin }
  });
  await NotebookPage.open(page, site, FILE);
  const events: IOtherEnd['events'] = ({ type } = {}) =>
    Promise.resolve(
      posthog.stored.filter(({ event }) => event === (type ?? event))
    );
  const [student, lesson] = await work(page, { ...site, events }, 'javascript');
  await student.changesTab();
  await lesson.history();
});
