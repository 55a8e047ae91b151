import type { Overview } from '../answers/overview';

const NOBODY: ReadonlySet<string> = new Set();

/** The students who take a pause at a moment: of them nothing is known, and nothing is to be. */
export function pausedAt(
  overview: Pick<Overview, 'pauses'> | null,
  atMs: number
): ReadonlySet<string> {
  const paused = overview?.pauses.filter(
    ({ until_ms }) => until_ms === null || until_ms > atMs
  );
  return paused?.length
    ? new Set(paused.map(({ student }) => student))
    : NOBODY;
}
