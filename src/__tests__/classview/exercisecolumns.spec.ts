import type { ExerciseRow } from '../../classview/answers/exercises';
import type { Part } from '../../classview/model/address';
import { exerciseColumns } from '../../classview/views/exercisecolumns';
import { trans } from '../fakes';

const NAME = 'one';
const ROW: ExerciseRow = {
  notebook: 'D1',
  exercise: NAME,
  title: NAME,
  cell_id: 'a',
  is_tested: true,
  tried: 8,
  passed: 6,
  attempts: { one: 3, two: 2, more: 1, unsolved: 2 },
  active: null,
  active_times: [],
  active_students: [],
  peeks: { before: 0, after_failure: 0, after_run: 0, after_pass: 0 },
  peeked_before_pass: 1,
  difficulty: null,
  discrimination: null,
  is_too_few: false
};

const opened = jest.fn<void, [ExerciseRow, Part | null]>();
const COLUMNS = exerciseColumns(trans, 10, opened);
const column = (id: string) => COLUMNS.find(each => each.id === id)!;

/** What some columns say of an exercise. */
const said = (row: ExerciseRow): string[] =>
  ['tried', 'rate', 'one', 'unsolved', 'peeked'].map(id =>
    column(id).text(row)
  );

describe('the columns of exercises', () => {
  it('say how many passed', () => {
    expect(said(ROW)).toEqual(['8', '75 %  (6)', '3', '2', '1']);
  });

  it('say of what has no test only who tried, and sort it last', () => {
    const row = { ...ROW, is_tested: false, passed: 0 };
    expect(said(row)).toEqual(['8', 'no test', '–', '–', '–']);
    expect(column('rate').sort!(row)).toBeNull();
    column('unsolved').open!(row);
    expect(opened).toHaveBeenLastCalledWith(row, null);
  });

  it('say of too few only who tried', () => {
    const row = { ...ROW, is_too_few: true, tried: 2, passed: 0 };
    expect(said(row)).toEqual(['2', 'too few to say', '–', '–', '–']);
  });
});
