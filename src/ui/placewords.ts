import type { TranslationBundle } from '@jupyterlab/translation';
import type { RecordPlace } from './rights';

/** Where a record is, in words. */
export function placeWords(
  place: RecordPlace,
  trans: TranslationBundle
): string {
  switch (place) {
    case 'class':
      return trans.__('at your class’s collector');
    case 'server':
      return trans.__('on the Jupyter server');
    case 'browser':
      return trans.__('in this browser');
    default:
      return trans.__('sent to PostHog');
  }
}

/** A place that did not answer, in a sentence. */
export function troubleWords(
  { place, reason }: { readonly place: RecordPlace; readonly reason: string },
  trans: TranslationBundle
): string {
  return place === 'class'
    ? trans.__('Your class’s collector could not be asked: %1', reason)
    : trans.__('The Jupyter server could not be asked: %1', reason);
}
