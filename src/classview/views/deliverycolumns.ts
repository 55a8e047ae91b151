import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import type { IColumn } from '../grid/column';
import { NOTHING_OPEN } from '../model/address';
import { durationText, isoOf, momentText } from '../parts/format';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { nameWidth } from './namewidth';

const MINUTE_MS = 60_000;
const SHAPES: Readonly<Record<AuditSession['state'], string>> = {
  incomplete: '✗',
  silent: '?',
  open: '…',
  complete: '✓'
};
const ORDER: ReadonlyArray<AuditSession['state']> = [
  'incomplete',
  'silent',
  'open',
  'complete'
];

/** The columns of the table of sessions, each of which opens the session. */
export function useSessionColumns(): ReadonlyArray<IColumn<AuditSession>> {
  const trans = useTrans();
  const model = useModel();
  const { names } = model;
  const silentMs = (model.overview?.thresholds.recent_minutes ?? 0) * MINUTE_MS;
  return React.useMemo(() => {
    const words = {
      complete: trans.__('complete'),
      open: trans.__('open'),
      silent: trans.__('silent'),
      incomplete: trans.__('incomplete')
    };
    const open = ({ student, session }: AuditSession): void =>
      model.go({
        ...NOTHING_OPEN,
        student: names.addressOf(student),
        session
      });
    const number = (
      id: string,
      title: string,
      label: string,
      width: number,
      value: (row: AuditSession) => number
    ): IColumn<AuditSession> => ({
      id,
      title,
      label,
      width,
      align: 'end',
      isLargestFirst: true,
      sort: value,
      text: row => String(value(row)),
      csv: value,
      open
    });
    const columns: IColumn<AuditSession>[] = [
      {
        id: 'student',
        title: trans.__('student'),
        width: nameWidth(names),
        sort: row => names.orderOf(row.student),
        text: row => names.of(row.student),
        open
      },
      {
        id: 'notebook',
        title: trans.__('notebook'),
        width: 150,
        sort: row => row.notebook,
        text: row => row.notebook,
        open
      },
      {
        id: 'state',
        title: trans.__('state'),
        label: trans.__(
          'Complete: the notebook was closed and nothing is missing. Open: more may come. Silent: nothing was heard for %1. Incomplete: events are missing.',
          durationText(silentMs, trans)
        ),
        width: 116,
        sort: row => ORDER.indexOf(row.state),
        text: row => `${SHAPES[row.state]} ${words[row.state]}`,
        csv: row => words[row.state],
        look: row => ({
          spoken: words[row.state],
          className: row.missing > 0 ? 'jp-cv-strong' : undefined
        }),
        open
      },
      number(
        'expected',
        trans.__('expected'),
        trans.__('Events that were sent'),
        86,
        row => row.expected
      ),
      number(
        'got',
        trans.__('got'),
        trans.__('Events that arrived'),
        52,
        row => row.got
      ),
      number(
        'missing',
        trans.__('missing'),
        trans.__('Events that are missing'),
        78,
        row => row.missing
      ),
      number(
        'explained',
        trans.__('explained'),
        trans.__('Events that the browser could not keep, and said so'),
        94,
        row => row.explained
      ),
      number(
        'suppressed',
        trans.__('suppressed'),
        trans.__('Events of a flood, which were never sent'),
        108,
        row => row.suppressed
      ),
      number(
        'invalid',
        trans.__('invalid'),
        trans.__('Events with properties that do not fit'),
        70,
        row => row.invalid
      ),
      {
        id: 'late',
        title: trans.__('late'),
        label: trans.__('How late 95 % of the events came, at most'),
        width: 86,
        align: 'end',
        sort: row => row.late_p95_ms,
        isLargestFirst: true,
        text: row => durationText(row.late_p95_ms, trans),
        csv: row => row.late_p95_ms,
        open
      },
      {
        id: 'first',
        title: trans.__('from'),
        width: 118,
        align: 'end',
        sort: row => row.first_ms,
        text: row => momentText(row.first_ms),
        csv: row => isoOf(row.first_ms),
        open
      },
      {
        id: 'last',
        title: trans.__('to'),
        width: 118,
        align: 'end',
        sort: row => row.last_ms,
        isLargestFirst: true,
        text: row => momentText(row.last_ms),
        csv: row => isoOf(row.last_ms),
        open
      }
    ];
    return columns;
  }, [trans, names, model, silentMs]);
}
