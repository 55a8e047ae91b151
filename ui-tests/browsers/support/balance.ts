import { expect, test } from '@playwright/test';
import { account, type StoredEvent } from '../../support/account';
import { expectUnbroken } from '../../support/lesson';
import type { DrivenLesson } from './drivenlesson';
import { capturedIn, warningsIn } from './listener';

/**
 * The end of each story: every event captured is stored, once, without a gap,
 * and was kept on the disk meanwhile, of which the browser never made a page wait.
 *
 * @param lesson - a page of the origin that is open, whose delivery is looked at
 * @param stored - every row at the other end
 * @param atLeast - how many events the story is known to have made
 */
export async function expectBalance(
  lesson: DrivenLesson,
  stored: () => StoredEvent[] | Promise<StoredEvent[]>,
  atLeast: number
): Promise<void> {
  const { tab } = lesson;
  // The page may still hear of the last run. An event that is lost never arrives.
  let result = account([], []);
  await expect
    .poll(async () => {
      const captured = await capturedIn(tab);
      result = account(captured, await stored());
      const { produced, stored: arrived, duplicates, lost } = result;
      const surplus = arrived - produced;
      return { isAll: produced >= atLeast, surplus, duplicates, lost };
    })
    .toEqual({ isAll: true, surplus: 0, duplicates: 0, lost: 0 });
  test.info().annotations.push({
    type: 'account',
    description: JSON.stringify(result)
  });
  await expect
    .poll(() => lesson.health())
    .toMatchObject({
      waiting: 0,
      setAside: 0,
      dropped: 0,
      problem: null,
      isDurable: true
    });
  expectUnbroken(await stored());
  // A disk that hangs is told of in the console.
  expect(await warningsIn(tab)).toEqual([]);
}
