import type { ExerciseRow } from '../answers/exercises';
import type { Draw } from './chart';
import { stackedBars } from './bars';
import { withKey } from './key';

/** Students by what had come before their first look at the solution. */
export const peekBars: Draw<ReadonlyArray<ExerciseRow>> = (
  plot,
  rows,
  width,
  trans
) => {
  const parts = [
    {
      words: trans.__('before any run'),
      fill: 'var(--cv-part4)',
      ink: 'var(--cv-ink4)',
      count: ({ peeks }: ExerciseRow) => peeks.before
    },
    {
      words: trans.__('after failures'),
      fill: 'var(--cv-part3)',
      ink: 'var(--cv-ink3)',
      count: ({ peeks }: ExerciseRow) => peeks.after_failure
    },
    {
      words: trans.__('after runs'),
      fill: 'var(--cv-part2)',
      ink: 'var(--cv-ink2)',
      count: ({ peeks }: ExerciseRow) => peeks.after_run
    },
    {
      words: trans.__('after passing'),
      fill: 'var(--cv-part1)',
      ink: 'var(--cv-ink1)',
      count: ({ peeks }: ExerciseRow) => peeks.after_pass
    }
  ];
  return withKey(stackedBars(plot, rows, width, parts), parts);
};
