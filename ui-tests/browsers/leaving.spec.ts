import { code } from '../support/cells';
import { expectBalance } from './support/balance';
import { DrivenLesson } from './support/drivenlesson';
import { expect, test } from './support/fixtures';
import { capturedIn } from './support/listener';

const CELLS = 80;

/** Run all cells, and go on in the middle of it. */
async function runIntoBurst(lesson: DrivenLesson): Promise<void> {
  const before = (await capturedIn(lesson.tab)).length;
  await lesson.menu('Run', 'Run All Cells');
  await expect
    .poll(async () => (await capturedIn(lesson.tab)).length, {
      intervals: [20]
    })
    .toBeGreaterThan(before + CELLS / 10);
}

test('a notebook is left in a burst: by a reload, for another page and back, by its tab', async ({
  kind,
  program,
  server
}) => {
  const id = `leaving-${kind}`;
  const cells = Array.from({ length: CELLS }, (_, nth) => code(String(nth)));
  const stored = () => server.events({ notebook: id });
  let lesson = await DrivenLesson.write(program, server, id, cells);
  await lesson.enterName('Ann', 'Lee');

  await runIntoBurst(lesson);
  await lesson.leaveBy(tab => tab.reload());
  await lesson.idle();
  await expectBalance(lesson, stored, CELLS / 10);

  await runIntoBurst(lesson);
  await lesson.leaveBy(tab => tab.goto(`${server.baseUrl}api`));
  await lesson.leaveBy(tab => tab.goto(server.notebookUrl(`${id}.ipynb`)));
  await lesson.idle();
  await expectBalance(lesson, stored, (2 * CELLS) / 10);

  await runIntoBurst(lesson);
  await lesson.leaveBy(tab => tab.goto(`${server.baseUrl}api`));
  await lesson.tab.back();
  await lesson.kernelIdle();
  await expectBalance(lesson, stored, (3 * CELLS) / 10);

  await runIntoBurst(lesson);
  await program.open();
  await lesson.tab.close();
  lesson = await DrivenLesson.open(program, server, id);
  await expectBalance(lesson, stored, (4 * CELLS) / 10);
  await lesson.menu('Run', 'Run All Cells');
  await lesson.idle();
  await expectBalance(lesson, stored, (14 * CELLS) / 10);
});
