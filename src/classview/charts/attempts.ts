import { stackedBars } from './bars';

/** Students by the tries that it took them to pass. */
export const attemptBars = stackedBars(trans => [
  {
    words: trans.__('try 1'),
    shade: 1,
    part: 'one',
    count: ({ attempts }) => attempts.one
  },
  {
    words: trans.__('try 2'),
    shade: 2,
    part: 'two',
    count: ({ attempts }) => attempts.two
  },
  {
    words: trans.__('3 or later'),
    shade: 3,
    part: 'more',
    count: ({ attempts }) => attempts.more
  },
  {
    words: trans.__('not yet'),
    shade: 4,
    part: 'unsolved',
    count: ({ attempts }) => attempts.unsolved
  }
]);
