import * as React from 'react';
import type { Overview } from '../answers/overview';
import type { StudentsRow } from '../answers/students';
import { presence } from '../charts/presence';
import type { IColumn } from '../grid/column';
import { NOTHING_OPEN } from '../model/address';
import { csvOf } from '../grid/csvof';
import { Grid } from '../grid/grid';
import { Chart } from '../charts/chart';
import { pausedAt } from '../model/pauses';
import { momentText, shareText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { Claims } from './claims';
import { People } from './people';
import { RetentionLine } from './retentionline';
import { RosterLine } from './rosterline';
import { Split } from './split';
import { studentColumns } from './studentcolumns';

const NONE: ReadonlyArray<StudentsRow> = [];
const NOBODY: Overview['students'] = [];
const idOf = ({ student }: StudentsRow): string => student;

/** Everybody, sortable by all that is known; a page each. */
export function StudentsView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { names, address } = model;
  const known = model.overview?.students ?? NOBODY;
  const { result, problem, atMs } = useAnswer('students');
  const { overview } = model;
  const paused = React.useMemo(
    () => pausedAt(overview, atMs ?? Date.now()),
    [overview, atMs]
  );
  const columns = React.useMemo(
    (): ReadonlyArray<IColumn<StudentsRow>> =>
      studentColumns(trans, names, known, paused, ({ student }, only) =>
        model.go({ ...NOTHING_OPEN, student: names.addressOf(student), only })
      ),
    [trans, names, known, paused, model]
  );
  const rows = result?.rows ?? NONE;
  useCsv(() => ({ name: 'students', rows: csvOf(columns, rows) }));
  const { student } = address;
  return (
    <Split>
      <Problem text={problem} />
      {model.overview && <RosterLine />}
      {result && (
        <Grid
          label={trans.__('Students')}
          columns={columns}
          rows={rows}
          idOf={idOf}
          selected={student === null ? null : names.idOf(student)}
        />
      )}
      <Claims />
      <People />
      <RetentionLine />
      <Presence />
    </Split>
  );
}

/** When the class was there, and how much of its time it was away. */
function Presence(): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const { result } = useAnswer('engagement');
  if (!result || result.slots.length < 2) {
    return null;
  }
  const { slots, away_share } = result;
  const most = slots.reduce((a, b) => (b.present > a.present ? b : a));
  return (
    <figure className="jp-cv-Presence">
      <figcaption>
        {trans.__('Students present, per five minutes')}
        {away_share && (
          <>
            {' · '}
            <button
              type="button"
              className="jp-cv-Link"
              onClick={() => model.go({ ...NOTHING_OPEN, figure: 'away' })}
            >
              {trans.__(
                'away %1 of the time (median; %2 to %3)',
                shareText(away_share.median),
                shareText(away_share.q1),
                shareText(away_share.q3)
              )}
            </button>
          </>
        )}
      </figcaption>
      <Chart
        label={trans.__(
          'Students present from %1 to %2, at most %3 at %4',
          momentText(slots[0].at_ms),
          momentText(slots[slots.length - 1].at_ms),
          most.present,
          momentText(most.at_ms)
        )}
        draw={presence}
        data={slots}
      />
    </figure>
  );
}
