import { PageConfig } from '@jupyterlab/coreutils';
import type { IClock } from '../delivery/clock';
import { answerInTime, documentOf } from './answerintime';
import type { Ask } from './places';

/** So long the question to a student waits for an answer that it can do without. */
const PATIENCE_MS = 1_000;
const LONGEST_DAYS = 36_500;

/**
 * After how many days the Jupyter server's own collector deletes events; null: it
 * does not, or does not say. `app.py` says so in the page's configuration.
 */
export function ownRetentionDays(): number | null {
  const option = PageConfig.getOption('ipynbTelemetryRetentionDays');
  return daysOf(Number(option));
}

/**
 * Ask a class collector after how many days it deletes events.
 *
 * @param ask - one of the collector's routes
 * @returns null where it does not delete any, and where it does not say so in
 * time: an older one knows no such route, and another may be away
 */
export async function askRetentionDays(
  ask: Ask,
  clock: IClock
): Promise<number | null> {
  try {
    const answer = await answerInTime({
      ask,
      clock,
      what: 'notice/retention',
      patienceMs: PATIENCE_MS
    });
    const told = documentOf(answer) as { retention_days?: unknown } | null;
    return daysOf(told?.retention_days);
  } catch {
    return null;
  }
}

function daysOf(told: unknown): number | null {
  const isSound =
    Number.isInteger(told) && Number(told) > 0 && Number(told) <= LONGEST_DAYS;
  return isSound ? Number(told) : null;
}
