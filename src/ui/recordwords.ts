import type { TranslationBundle } from '@jupyterlab/translation';
import { describeEvent } from '../events/wording';
import type { IRecord } from './rights';

/** What a record says, whatever an older version wrote. */
export function recordWords(
  { event, properties }: IRecord,
  trans: TranslationBundle
): string {
  try {
    return describeEvent(trans, event, properties);
  } catch {
    return event;
  }
}
