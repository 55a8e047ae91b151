/** The first and the longest pause after a failure, in milliseconds. */
const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;
/** Waits asked for by the other end are kept up to this; a timer overflows at 24 days. */
const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long to pause after failures.
 *
 * Between half and all of an exponentially growing time, so that a class does
 * not come back all at once; never less than what the other end asked for.
 *
 * @param failures - how many in a row, 1 and more
 * @param askedMs - what the other end asked for, in milliseconds
 * @param chance - 0 to 1, which part of the second half it is
 * @returns milliseconds
 */
export function backOff(
  failures: number,
  askedMs = 0,
  chance = Math.random()
): number {
  const growing = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  const pause = growing * (0.5 + chance / 2);
  return Math.max(Math.min(askedMs, LONGEST_ASKED_MS), pause);
}

/** @returns the pause after any number of failures, in milliseconds */
export function longestPause(chance: number): number {
  return backOff(Infinity, 0, chance);
}
