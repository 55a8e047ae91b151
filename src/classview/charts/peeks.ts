import type { ExerciseRow } from '../answers/exercises';
import type { Draw } from './chart';
import type { IBarPart } from './bars';
import { stackedBars } from './bars';

/** Students by what had come before their first look at the solution. */
export const peekBars: Draw<ReadonlyArray<ExerciseRow>> = (
  plot,
  rows,
  width,
  trans
) => {
  const parts: ReadonlyArray<IBarPart> = [
    {
      words: trans.__('before any run'),
      fill: 'var(--cv-part4)',
      part: 'before',
      ink: 'var(--cv-ink4)',
      count: ({ peeks }) => peeks.before
    },
    {
      words: trans.__('after failures'),
      fill: 'var(--cv-part3)',
      part: 'after_failure',
      ink: 'var(--cv-ink3)',
      count: ({ peeks }) => peeks.after_failure
    },
    {
      words: trans.__('after runs'),
      fill: 'var(--cv-part2)',
      part: 'after_run',
      ink: 'var(--cv-ink2)',
      count: ({ peeks }) => peeks.after_run
    },
    {
      words: trans.__('after passing'),
      fill: 'var(--cv-part1)',
      part: 'after_pass',
      ink: 'var(--cv-ink1)',
      count: ({ peeks }) => peeks.after_pass
    }
  ];
  return stackedBars(plot, rows, width, parts, trans);
};
