import type { ExerciseRow } from '../answers/exercises';
import type { IColumn } from '../grid/column';
import type { Part } from '../model/address';
import { durationText, minutesOf, ratioText, shareText } from '../parts/format';
import type { Trans } from '../trans';

/** The share of those who tried that passed; null where nothing tells. */
export function rateOf(row: ExerciseRow): number | null {
  return isTold(row) ? row.passed / row.tried : null;
}

/** Whether anything is told of passing: there is a test, and enough students tried. */
function isTold({ is_tested, is_too_few }: ExerciseRow): boolean {
  return is_tested && !is_too_few;
}

/**
 * The columns of the exercises' table, each of which opens the students that its figure is made of.
 *
 * @param discriminating - students who tried, before an exercise is compared with the others
 */
export function exerciseColumns(
  trans: Trans,
  discriminating: number,
  open: (row: ExerciseRow, part: Part | null) => void
): ReadonlyArray<IColumn<ExerciseRow>> {
  const tooFew = trans.__('too few to say');
  const number = (
    id: string,
    title: string,
    label: string,
    width: number,
    part: Part,
    value: (row: ExerciseRow) => number | null,
    text: (value: number) => string = String
  ): IColumn<ExerciseRow> => {
    const known = (row: ExerciseRow): number | null =>
      isTold(row) ? value(row) : null;
    return {
      id,
      title,
      label,
      width,
      align: 'end',
      isLargestFirst: true,
      sort: known,
      text: row => {
        const it = known(row);
        return it === null ? '–' : text(it);
      },
      csv: known,
      // Where no figure is given, none is opened but the exercise.
      open: row => open(row, isTold(row) ? part : null)
    };
  };
  const difficulties = {
    easy: trans.__('easy'),
    middle: trans.__('middle'),
    hard: trans.__('hard')
  };
  return [
    {
      id: 'exercise',
      title: trans.__('exercise'),
      width: 230,
      sort: row => `${row.notebook} ${row.title}`,
      text: row => row.title,
      open: row => open(row, null)
    },
    {
      id: 'notebook',
      title: trans.__('notebook'),
      width: 130,
      sort: row => row.notebook,
      text: row => row.notebook,
      open: row => open(row, null)
    },
    {
      id: 'tried',
      title: trans.__('tried'),
      label: trans.__('Students who tried'),
      width: 60,
      align: 'end',
      isLargestFirst: true,
      sort: row => row.tried,
      text: row => String(row.tried),
      csv: row => row.tried,
      open: row => open(row, 'tried')
    },
    {
      id: 'rate',
      title: trans.__('passed'),
      label: trans.__('Passed, of those who tried'),
      width: 110,
      align: 'end',
      sort: rateOf,
      text: row =>
        !row.is_tested
          ? trans.__('no test')
          : row.is_too_few
            ? tooFew
            : `${shareText(rateOf(row))}  (${row.passed})`,
      csv: rateOf,
      open: row => open(row, isTold(row) ? 'passed' : null)
    },
    number(
      'one',
      trans.__('at try 1'),
      trans.__('Passed at the first try'),
      82,
      'one',
      ({ attempts }) => attempts.one
    ),
    number(
      'two',
      trans.__('2'),
      trans.__('Passed at the second try'),
      44,
      'two',
      ({ attempts }) => attempts.two
    ),
    number(
      'more',
      trans.__('3+'),
      trans.__('Passed at the third try or later'),
      44,
      'more',
      ({ attempts }) => attempts.more
    ),
    number(
      'unsolved',
      trans.__('not yet'),
      trans.__('Tried and not passed'),
      80,
      'unsolved',
      ({ attempts }) => attempts.unsolved
    ),
    {
      ...number(
        'active',
        trans.__('active'),
        trans.__('Median of the active time to pass, of those who passed'),
        76,
        'passed',
        ({ active }) => active?.median ?? null,
        value => durationText(value, trans)
      ),
      csv: row => minutesOf(row.active?.median ?? null)
    },
    number(
      'peeked',
      trans.__('solution first'),
      trans.__('Opened the solution before passing'),
      116,
      'peeked',
      ({ peeked_before_pass }) => peeked_before_pass
    ),
    {
      id: 'difficulty',
      title: trans.__('difficulty'),
      label: trans.__(
        'A third of the exercises each, by those not passed and by tries'
      ),
      width: 92,
      sort: ({ difficulty }) =>
        difficulty && ['easy', 'middle', 'hard'].indexOf(difficulty),
      isLargestFirst: true,
      text: ({ difficulty }) => (difficulty ? difficulties[difficulty] : '–'),
      open: row => open(row, isTold(row) ? 'tried' : null)
    },
    number(
      'discrimination',
      trans.__('discrimination'),
      trans.__(
        'Correlation of passing this exercise with passing the others, for %1 students or more',
        discriminating
      ),
      128,
      'tried',
      ({ discrimination }) => discrimination,
      ratioText
    )
  ];
}
