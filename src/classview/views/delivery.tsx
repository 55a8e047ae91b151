import * as React from 'react';
import type { AuditSession } from '../answers/audit';
import { csvOf } from '../grid/csvof';
import { Grid } from '../grid/grid';
import { Problem } from '../parts/problem';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { useSessionColumns } from './deliverycolumns';
import { Split } from './split';

const NONE: ReadonlyArray<AuditSession> = [];
const idOf = ({ session, notebook, student }: AuditSession): string =>
  `${session} ${notebook} ${student}`;
const WORST_FIRST = { column: 'state', isDescending: false };

/** Whether every event arrived, session by session. */
export function DeliveryView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('audit');
  const columns = useSessionColumns();
  const all = result?.sessions ?? NONE;
  const isCut = model.address.sessions === 'missing';
  const rows = React.useMemo(
    () => (isCut ? all.filter(({ missing }) => missing > 0) : all),
    [all, isCut]
  );
  useCsv(() => ({ name: 'delivery', rows: csvOf(columns, rows) }));
  const { session: open } = model.address;
  const selected = rows.find(({ session }) => session === open);
  const isUncertain = all.some(
    ({ state }) => state === 'incomplete' || state === 'silent'
  );
  return (
    <Split>
      <Problem text={problem} />
      {result && (
        <>
          <p className="jp-cv-Calm">
            <strong>{result.line}</strong>
            {isUncertain &&
              ` ${trans.__(
                'Events that are missing wait in the student’s browser: ask the student to keep the tab open, or to open the notebook again.'
              )}`}
          </p>
          <div className="jp-cv-Line">
            <label className="jp-cv-Check">
              <input
                type="checkbox"
                checked={isCut}
                onChange={({ target }) =>
                  model.go({ sessions: target.checked ? 'missing' : null })
                }
              />
              <span>{trans.__('Only sessions with missing events')}</span>
            </label>
          </div>
          {isCut && rows.length === 0 ? (
            <p className="jp-cv-Calm">{trans.__('No event is missing.')}</p>
          ) : (
            <Grid
              label={trans.__('Sessions')}
              columns={columns}
              rows={rows}
              idOf={idOf}
              first={WORST_FIRST}
              selected={selected ? idOf(selected) : null}
            />
          )}
        </>
      )}
    </Split>
  );
}
