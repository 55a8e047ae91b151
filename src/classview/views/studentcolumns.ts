import type { Overview } from '../answers/overview';
import type { StudentsRow } from '../answers/students';
import type { IColumn } from '../grid/column';
import type { Only } from '../model/address';
import type { Names } from '../model/names';
import {
  durationText,
  isoOf,
  minutesOf,
  momentText,
  ratioText,
  shareText
} from '../parts/format';
import type { Trans } from '../trans';
import { nameWidth } from './namewidth';

/** The columns of the students' table, each of which opens the events that its figure is made of. */
export function studentColumns(
  trans: Trans,
  names: Names,
  students: Overview['students'],
  paused: ReadonlySet<string>,
  open: (row: StudentsRow, only: Only | null) => void
): ReadonlyArray<IColumn<StudentsRow>> {
  const groups = new Map(
    students.map(({ student, group }) => [student, group])
  );
  const number = (
    id: string,
    title: string,
    label: string,
    width: number,
    only: Only | null,
    value: (row: StudentsRow) => number | null,
    text: (value: number | null) => string = it => String(it ?? '–')
  ): IColumn<StudentsRow> => ({
    id,
    title,
    label,
    width,
    align: 'end',
    isLargestFirst: true,
    sort: value,
    text: row => text(value(row)),
    csv: value,
    open: row => open(row, only)
  });
  return [
    {
      id: 'student',
      title: trans.__('student'),
      width: nameWidth(names),
      sort: row => names.orderOf(row.student),
      text: row => names.of(row.student),
      open: row => open(row, null)
    },
    {
      id: 'state',
      title: trans.__('state'),
      label: trans.__('Whether the student takes a pause'),
      width: 70,
      sort: row => (paused.has(row.student) ? 0 : 1),
      text: row => (paused.has(row.student) ? trans.__('paused') : '')
    },
    {
      id: 'group',
      title: trans.__('group'),
      width: 80,
      sort: row => groups.get(row.student) ?? '',
      text: row => groups.get(row.student) ?? '',
      open: row => open(row, null)
    },
    {
      ...number(
        'solved',
        trans.__('solved'),
        trans.__('Exercises solved'),
        70,
        'passes',
        row => row.solved
      ),
      text: row => (row.of ? `${row.solved}/${row.of}` : '–')
    },
    {
      ...number(
        'active',
        trans.__('active'),
        trans.__('Active time, without pauses'),
        90,
        null,
        row => row.active_ms,
        value => durationText(value, trans)
      ),
      csv: row => minutesOf(row.active_ms)
    },
    number(
      'runs',
      trans.__('runs'),
      trans.__('Runs of cells'),
      58,
      'runs',
      row => row.runs
    ),
    number(
      'errors',
      trans.__('errors'),
      trans.__('Runs that ended in an error'),
      64,
      'errors',
      row => row.errors
    ),
    number(
      'fails',
      trans.__('failed tests'),
      trans.__('Results of tests that failed'),
      104,
      'fails',
      row => row.fails
    ),
    number(
      'peeks',
      trans.__('solutions'),
      trans.__('Looks at solutions'),
      92,
      'peeks',
      row => row.peeks
    ),
    number(
      'pastes',
      trans.__('pastes'),
      trans.__('Pastes'),
      74,
      'pastes',
      row => row.pastes
    ),
    number(
      'away',
      trans.__('away'),
      trans.__('Share of the time away from the notebook'),
      62,
      'leaves',
      row => row.away_share,
      shareText
    ),
    number(
      'eq',
      trans.__('EQ'),
      trans.__(
        'Error Quotient (Jadud 2006), 0 to 1: how often two runs in a row end in an error, and in the same one'
      ),
      54,
      'runs',
      row => row.eq,
      ratioText
    ),
    number(
      'red',
      trans.__('RED'),
      trans.__(
        'Repeated Error Density (Becker 2016): how long the same error is repeated'
      ),
      54,
      'runs',
      row => row.red,
      ratioText
    ),
    {
      ...number(
        'last',
        trans.__('last'),
        trans.__('When the last event came'),
        118,
        null,
        row => row.last_ms
      ),
      text: row =>
        row.last_ms === null ? trans.__('never') : momentText(row.last_ms),
      csv: row => isoOf(row.last_ms)
    }
  ];
}
