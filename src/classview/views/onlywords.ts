import type { Only } from '../model/address';
import type { Trans } from '../trans';

/** What the events of a figure of a student are called. */
export function onlyText(only: Only, trans: Trans): string {
  return {
    runs: trans.__('Runs of cells'),
    errors: trans.__('Runs that ended in an error'),
    passes: trans.__('Passed tests'),
    fails: trans.__('Failed tests'),
    peeks: trans.__('Looks at solutions'),
    pastes: trans.__('Pastes'),
    leaves: trans.__('Leaving and coming back')
  }[only];
}
