import type { ExerciseRow } from '../answers/exercises';
import type { Draw } from './chart';
import type { IBarPart } from './bars';
import { stackedBars } from './bars';

/** Students by the tries that it took them to pass. */
export const attemptBars: Draw<ReadonlyArray<ExerciseRow>> = (
  plot,
  rows,
  width,
  trans
) => {
  const parts: ReadonlyArray<IBarPart> = [
    {
      words: trans.__('try 1'),
      fill: 'var(--cv-part1)',
      part: 'one',
      ink: 'var(--cv-ink1)',
      count: ({ attempts }) => attempts.one
    },
    {
      words: trans.__('try 2'),
      fill: 'var(--cv-part2)',
      part: 'two',
      ink: 'var(--cv-ink2)',
      count: ({ attempts }) => attempts.two
    },
    {
      words: trans.__('3 or later'),
      fill: 'var(--cv-part3)',
      part: 'more',
      ink: 'var(--cv-ink3)',
      count: ({ attempts }) => attempts.more
    },
    {
      words: trans.__('not yet'),
      fill: 'var(--cv-part4)',
      part: 'unsolved',
      ink: 'var(--cv-ink4)',
      count: ({ attempts }) => attempts.unsolved
    }
  ];
  return stackedBars(plot, rows, width, parts, trans);
};
