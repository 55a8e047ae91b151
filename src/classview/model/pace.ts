const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * How long to wait between two looks at the server.
 *
 * @param idleMs - since somebody last touched the view
 * @returns milliseconds
 */
export function paceOf(idleMs: number): number {
  if (idleMs >= 30 * MINUTE) {
    return 60 * SECOND;
  }
  return idleMs >= 5 * MINUTE ? 15 * SECOND : 2 * SECOND;
}
