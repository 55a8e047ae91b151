import type { TranslationBundle } from '@jupyterlab/translation';
import type { IPauseState, PauseKind, PausePolicy } from './rights';

/** The pauses that the settings allow, the shortest first. */
export function pausesOf(policy: PausePolicy): ReadonlyArray<PauseKind> {
  switch (policy) {
    case 'allowed':
      return ['minutes15', 'lesson', 'open'];
    case 'limited':
      return ['minutes15'];
    default:
      return [];
  }
}

/** What a pause is called where it is chosen. */
export function pauseLabel(kind: PauseKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'minutes15':
      return trans.__('15 minutes');
    case 'lesson':
      return trans.__('This lesson (3 hours at most)');
    default:
      return trans.__('Until I say so');
  }
}

/** A pause under way, in words. */
export function pauseWords(
  { until }: IPauseState,
  trans: TranslationBundle
): string {
  return until === null
    ? trans.__('Paused until you go on. Nothing is recorded.')
    : trans.__('Paused until %1. Nothing is recorded.', clockTime(until));
}

/** A time of day, as the student's clock shows it. */
export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, {
    hour: 'numeric',
    minute: '2-digit'
  });
}
