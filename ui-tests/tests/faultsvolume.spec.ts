import { expectAccount } from '../support/account';
import { code } from '../support/cells';
import { test } from '../support/faulttest';
import { Lesson } from '../support/lesson';

test('Run All runs 1,000 cells', async ({
  captured,
  page,
  posthog,
  server
}) => {
  const cells = Array.from({ length: 1000 }, (_, index) => code(`${index}`));
  const lesson = await Lesson.begin(page, server, 'thousand', cells);
  await lesson.runAll();
  await captured.reach(1000, 'cell_executed', 240_000);

  await expectAccount(page, captured, posthog, 1001, [0]);
});
