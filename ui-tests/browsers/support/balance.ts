import { expect, test } from '@playwright/test';
import { account, type StoredEvent } from '../../support/account';
import { expectUnbroken } from '../../support/lesson';
import type { ICapturedEvent } from '../../support/telemetry';
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
      const rows = await stored();
      result = account(captured, rows);
      const { produced, duplicates, lost } = result;
      const surplus = unknownOf(captured, rows);
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

/**
 * How many events are stored that no page captured. Firefox may lose what a page
 * wrote to `localStorage` in its last moment, the note of an event that arrived all
 * the same: such an event goes on where the notes of its session end.
 */
function unknownOf(
  captured: ReadonlyArray<ICapturedEvent>,
  stored: ReadonlyArray<StoredEvent>
): number {
  const last = new Map<string, number>();
  for (const { session_id: session, seq } of captured) {
    last.set(session, Math.max(seq, last.get(session) ?? 0));
  }
  const known = new Set(captured.map(({ uuid }) => uuid));
  return stored.filter(({ uuid, properties }) => {
    const { session_id, seq } = properties as unknown as ICapturedEvent;
    return !known.has(uuid) && !(seq > (last.get(session_id) ?? Infinity));
  }).length;
}
