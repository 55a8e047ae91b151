import type { StudentEvent } from '../answers/student';

/**
 * Where events of a session are missing: their numbers have gaps.
 *
 * @param from - the number that the first event should have
 * @returns how many are missing before an event, by its uuid
 */
export function gapsOf(
  events: ReadonlyArray<StudentEvent>,
  from: number
): ReadonlyMap<string, number> {
  const numbered = events
    .flatMap(({ uuid, properties: { seq } }) =>
      typeof seq === 'number' ? [{ uuid, seq }] : []
    )
    .sort((a, b) => a.seq - b.seq);
  const gaps = new Map<string, number>();
  let next = from;
  for (const { uuid, seq } of numbered) {
    if (seq > next) {
      gaps.set(uuid, seq - next);
    }
    next = Math.max(next, seq + 1);
  }
  return gaps;
}
