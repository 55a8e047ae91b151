import type { ExerciseRow } from '../answers/exercises';
import type { Draw } from './chart';
import { stackedBars } from './bars';
import { withKey } from './key';

/** Students by the tries that it took them to pass. */
export const attemptBars: Draw<ReadonlyArray<ExerciseRow>> = (
  plot,
  rows,
  width,
  trans
) => {
  const parts = [
    {
      words: trans.__('try 1'),
      fill: 'var(--cv-part1)',
      ink: 'var(--cv-ink1)',
      count: ({ attempts }: ExerciseRow) => attempts.one
    },
    {
      words: trans.__('try 2'),
      fill: 'var(--cv-part2)',
      ink: 'var(--cv-ink2)',
      count: ({ attempts }: ExerciseRow) => attempts.two
    },
    {
      words: trans.__('3 or later'),
      fill: 'var(--cv-part3)',
      ink: 'var(--cv-ink3)',
      count: ({ attempts }: ExerciseRow) => attempts.more
    },
    {
      words: trans.__('not yet'),
      fill: 'var(--cv-part4)',
      ink: 'var(--cv-ink4)',
      count: ({ attempts }: ExerciseRow) => attempts.unsolved
    }
  ];
  return withKey(stackedBars(plot, rows, width, parts), parts);
};
