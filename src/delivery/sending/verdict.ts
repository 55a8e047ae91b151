import type { SendResult } from './answer.js';
import { backOff, longestPause } from './backoff.js';
import { MAX_BATCH_COUNT } from './batch.js';

/** A pause says why only after so many failures in a row: a failure that passes is nobody's business. */
const FAILURES_TO_TELL = 5;
/** After so many events refused in a row the place may be wrong, and is asked with pauses. */
const REFUSALS_AT_ONCE = 5;

/** The problem that only the student can solve: words for it are the panel's. */
export const LOGGED_OUT = 'logged out';

/** How sending to a place goes. */
export interface IPace {
  /** The most events of the next batch. */
  readonly maxCount: number;
  /** How many attempts failed in a row. */
  readonly failures: number;
  /** How many events were set aside since a batch was accepted. */
  readonly refusals: number;
}

/** The pace of the first attempt. */
export const FIRST_PACE: IPace = {
  maxCount: MAX_BATCH_COUNT,
  failures: 0,
  refusals: 0
};

/** The facts of an attempt that its result does not tell. */
export interface IAttempt {
  /** How many events the batch had. */
  readonly count: number;
  /** Whether the only event of the batch, which was too large, has been cut since. */
  readonly isCut?: boolean;
  /** 0 to 1, for the length of a pause. */
  readonly chance: number;
  /** After so many failures in a row sending rests. Default: no limit. */
  readonly maxRetries?: number;
}

/** How to go on after an attempt. */
export interface IVerdict {
  /** The pace from now on. */
  readonly pace: IPace;
  /** The state of the batch's events from now on. */
  readonly events: 'waiting' | 'delivered' | 'set_aside';
  /** Why they are set aside. */
  readonly reason?: string;
  /**
   * How long to wait until the next attempt, in milliseconds: 0 is at once,
   * null is until somebody asks for an attempt or a new event comes.
   */
  readonly pauseMs: number | null;
  /** Why nothing is taken; null where all is well; absent where the last word stands. */
  readonly problem?: string | null;
}

/**
 * Decide how to go on after an attempt to send a batch.
 *
 * The rules have a twin in Python, `ipynb_telemetry/kernel/pace.py`; the cases
 * in `conformance/rules/deliveries.json` hold both.
 *
 * @param pace - how sending went until now
 * @param result - what came of the attempt
 * @param attempt - the other facts of it
 */
export function verdict(
  pace: IPace,
  result: SendResult,
  attempt: IAttempt
): IVerdict {
  const { count, isCut = false, chance } = attempt;
  switch (result.status) {
    case 'accepted':
      return {
        pace: {
          maxCount: Math.min(pace.maxCount * 2, MAX_BATCH_COUNT),
          failures: 0,
          refusals: 0
        },
        events: 'delivered',
        pauseMs: 0,
        problem: null
      };
    case 'too_large':
    case 'rejected':
      if (count > 1) {
        // Halve until the event that is not wanted stands alone. The place answers.
        return {
          pace: { ...pace, maxCount: Math.floor(count / 2), failures: 0 },
          events: 'waiting',
          pauseMs: 0
        };
      }
      if (isCut) {
        return { pace, events: 'waiting', pauseMs: 0 };
      }
      return setAside(pace, result.reason, attempt);
    case 'kept':
      return { pace, events: 'waiting', pauseMs: null, problem: null };
    case 'unauthorized':
      // A login can be renewed, and a key corrected, at the other end too.
      return fail(pace, result.reason, attempt, longestPause(chance), 1);
    case 'logged_out':
      // No place but a server that a person logs in to has such an answer.
      return fail(pace, LOGGED_OUT, attempt, longestPause(chance), 1);
    case 'retry': {
      const maxCount = result.isSlow
        ? Math.max(1, Math.floor(count / 2))
        : pace.maxCount;
      return fail(
        { ...pace, maxCount },
        result.reason,
        attempt,
        result.afterMs
      );
    }
  }
}

/** Set the only event of a batch aside, and go on with the others. */
function setAside(pace: IPace, reason: string, attempt: IAttempt): IVerdict {
  const refused = { ...pace, refusals: pace.refusals + 1 };
  const next: IVerdict =
    refused.refusals < REFUSALS_AT_ONCE
      ? { pace: refused, events: 'waiting', pauseMs: 0 }
      : fail(refused, reason, attempt);
  return { ...next, events: 'set_aside', reason };
}

/**
 * Keep everything and pause, or rest.
 *
 * @param askedMs - the least pause, in milliseconds
 * @param tellFrom - after so many failures in a row the pause says why
 */
function fail(
  pace: IPace,
  reason: string,
  { chance, maxRetries = Infinity }: IAttempt,
  askedMs?: number,
  tellFrom = FAILURES_TO_TELL
): IVerdict {
  const failures = pace.failures + 1;
  if (failures > maxRetries) {
    // The next event or flush has as many attempts again.
    return {
      pace: { ...pace, failures: 0 },
      events: 'waiting',
      pauseMs: null,
      problem: reason
    };
  }
  return {
    pace: { ...pace, failures },
    events: 'waiting',
    pauseMs: backOff(failures, askedMs, chance),
    ...(failures < tellFrom ? {} : { problem: reason })
  };
}
