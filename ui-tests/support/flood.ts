import { expect } from '@playwright/test';
import type { IOtherEnd } from './collector';
import type { Lesson } from './lesson';
import type { IPlace } from './notebook';

type Properties = Record<string, unknown>;

/**
 * Messages in nine seconds, more than a page takes in forty. All at once they would be
 * more than a kernel keeps for a server that is busy: it drops them, be it the word that
 * the cell has ended.
 */
const FLOOD = 3000;

/** Sends them; `say` is what does it, with the number of each. */
export function flood(say: string): string {
  return [
    'import time',
    `for nth in range(${FLOOD}):`,
    `    ${say}`,
    '    time.sleep(0.003)'
  ].join('\n');
}

/**
 * Wait until each message of a flood, told of as `flood`, is stored or accounted for.
 *
 * @returns what is stored of it, fewer than were sent, and what tells of the others
 */
export async function floodTold({
  id,
  server
}: Lesson<IPlace & IOtherEnd>): Promise<
  [passed: Properties[], losses: Properties[]]
> {
  const told = async (type: string): Promise<Properties[]> =>
    (await server.events({ notebook: id, type })).map(
      ({ properties }) => properties
    );
  await expect
    .poll(async () =>
      (await told('events_dropped')).reduce(
        (sum, { count }) => sum + Number(count),
        (await told('flood')).length
      )
    )
    .toBe(FLOOD);
  const passed = await told('flood');
  expect(passed.length).toBeLessThan(FLOOD);
  return [passed, await told('events_dropped')];
}
