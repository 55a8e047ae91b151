import { stackedBars } from './bars';

/** Students by what had come before their first look at the solution. */
export const peekBars = stackedBars(trans => [
  {
    words: trans.__('before any run'),
    shade: 4,
    part: 'before',
    count: ({ peeks }) => peeks.before
  },
  {
    words: trans.__('after failures'),
    shade: 3,
    part: 'after_failure',
    count: ({ peeks }) => peeks.after_failure
  },
  {
    words: trans.__('after runs'),
    shade: 2,
    part: 'after_run',
    count: ({ peeks }) => peeks.after_run
  },
  {
    words: trans.__('after passing'),
    shade: 1,
    part: 'after_pass',
    count: ({ peeks }) => peeks.after_pass
  }
]);
