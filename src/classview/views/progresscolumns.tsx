import * as React from 'react';
import type { ExerciseRef } from '../answers/common';
import type { ProgressCell, ProgressRow } from '../answers/progress';
import type { ICellLook, IColumn } from '../grid/column';
import type { IAddress } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { pausedAt } from '../model/pauses';
import { durationText, isoOf, minutesOf, momentText } from '../parts/format';
import { Sparkline, sparkBegin, sparkText } from '../parts/sparkline';
import { useAnswer, useModel } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';
import { nameWidth } from './namewidth';
import { stateOf, stateOrder, stateText } from './state';

/** The id of an exercise's column. */
export function exerciseColumnId({ notebook, exercise }: ExerciseRef): string {
  return `exercise ${notebook} ${exercise}`;
}

/** The columns of the progress grid, the same as long as the exercises are. */
export function useProgressColumns(
  exercises: ReadonlyArray<ExerciseRef>
): ReadonlyArray<IColumn<ProgressRow>> {
  const trans = useTrans();
  const model = useModel();
  const { names, overview } = model;
  const { atMs } = useAnswer('progress');
  const moment = React.useRef(0);
  moment.current = atMs ?? 0;
  return React.useMemo(() => {
    const open = (row: ProgressRow, at?: ExerciseRef): void =>
      model.go({
        ...NOTHING_OPEN,
        student: names.addressOf(row.student),
        notebook: at?.notebook ?? null,
        exercise: at?.exercise ?? null
      });
    const openEvents = (
      { student }: ProgressRow,
      there: Partial<IAddress>
    ): void =>
      model.go({
        ...NOTHING_OPEN,
        student: names.addressOf(student),
        ...there
      });
    const lookOf = stateLooks(trans);
    const numbers = numbersOf(exercises);
    const passable = exercises.filter(({ is_tested }) => is_tested).length;
    const hasSeveral = numbers.lastIndexOf(1) > 0;
    const paused = pausedAt(overview, Date.now());
    const columns: IColumn<ProgressRow>[] = [
      {
        id: 'student',
        title: trans.__('student'),
        width: nameWidth(names),
        sort: row => names.orderOf(row.student),
        text: row =>
          paused.has(row.student)
            ? trans.__('%1 · paused', names.of(row.student))
            : names.of(row.student),
        csv: row => names.of(row.student),
        open: row => open(row)
      },
      {
        id: 'solved',
        title: trans.__('solved'),
        label: trans.__('Exercises solved'),
        width: 66,
        align: 'end',
        sort: row => row.solved,
        isLargestFirst: true,
        text: row =>
          (row.solved || row.last_ms) && passable
            ? `${row.solved}/${passable}`
            : '–',
        csv: row => row.solved,
        open: row => openEvents(row, { only: 'passes' })
      },
      {
        id: 'last',
        title: trans.__('last'),
        label: trans.__('When the last event came'),
        width: 118,
        align: 'end',
        sort: row => row.last_ms,
        isLargestFirst: true,
        text: row =>
          row.last_ms === null ? trans.__('never') : momentText(row.last_ms),
        csv: row => isoOf(row.last_ms),
        open: row => open(row)
      },
      {
        id: 'active',
        title: trans.__('active'),
        label: trans.__('Active time, without pauses'),
        width: 90,
        align: 'end',
        sort: row => row.active_ms,
        isLargestFirst: true,
        text: row => (row.active_ms ? durationText(row.active_ms, trans) : '–'),
        csv: row => minutesOf(row.active_ms),
        open: row => open(row)
      },
      ...exercises.map((exercise, index): IColumn<ProgressRow> => ({
        id: exerciseColumnId(exercise),
        title: String(numbers[index]),
        group: hasSeveral ? exercise.notebook : undefined,
        label: hasSeveral
          ? `${exercise.notebook}: ${exercise.title}`
          : exercise.title,
        width: hasSeveral ? 92 : 52,
        align: 'state',
        sort: row => stateOrder(row.cells[index] ?? null),
        isLargestFirst: true,
        text: row => stateText(row.cells[index] ?? null, trans),
        look: row => lookOf(exercise.title, row.cells[index] ?? null),
        open: row => open(row, exercise)
      })),
      {
        id: 'spark',
        title: trans.__('last hour'),
        label: trans.__('Events per five minutes of the last hour'),
        width: 120,
        text: row => sparkText(row.spark, trans),
        csv: row => row.spark.join(' '),
        look: row => ({ content: <Sparkline counts={row.spark} /> }),
        open: row =>
          openEvents(row, {
            fromMs: sparkBegin(moment.current, row.spark.length)
          })
      }
    ];
    return columns;
  }, [exercises, names, overview, trans, model]);
}

/** The number of each exercise in its notebook. */
function numbersOf(exercises: ReadonlyArray<ExerciseRef>): number[] {
  const nth = new Map<string, number>();
  return exercises.map(({ notebook }) => {
    const number = (nth.get(notebook) ?? 0) + 1;
    nth.set(notebook, number);
    return number;
  });
}

/** How cells of states look. There are few that differ, and thousands of cells. */
function stateLooks(
  trans: Trans
): (title: string, cell: ProgressCell) => ICellLook {
  const known = new Map<string, { words: string; look: ICellLook }>();
  return (title, cell) => {
    const { kind, glyph, number } = stateOf(cell);
    const content = glyph + number;
    const key = kind + content;
    let found = known.get(key);
    if (!found) {
      const className = `jp-cv-state-${kind}`;
      found = { words: stateText(cell, trans), look: { content, className } };
      known.set(key, found);
    }
    return { ...found.look, spoken: `${title}: ${found.words}` };
  };
}
