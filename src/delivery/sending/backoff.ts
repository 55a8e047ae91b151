/** The first and the longest pause after a failure, in milliseconds. */
const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;
/** Waits asked for by the other end are kept up to this; a timer overflows at 24 days. */
const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long to pause after failures.
 *
 * Between half and all of an exponentially growing time, so that a class does
 * not come back as one; never less than what the other end asked for.
 *
 * @param failures - how many in a row, 1 and more
 * @param askedMs - what the other end asked for, in milliseconds
 * @returns milliseconds
 */
export function backOff(failures: number, askedMs = 0): number {
  const pause = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return Math.max(
    Math.min(askedMs, LONGEST_ASKED_MS),
    pause * (0.5 + Math.random() / 2)
  );
}
