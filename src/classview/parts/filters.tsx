import * as React from 'react';
import { saveCsv } from '../model/csv';
import { useTrans } from '../trans';
import { Freshness } from './freshness';
import { TimeWindow } from './timewindow';
import { useHost, useModel } from './usemodel';
import { writeAddress } from '../model/address';

/** Which notebook, group, time and names are shown: all views follow. */
export function Filters(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { pageUrl } = useHost();
  const { address, overview } = model;
  const { notebooks, group, areNamesHidden, simulated } = address;
  const known = overview?.notebooks ?? [];
  const hideNames = (areHidden: boolean): void => {
    // The address must not go on saying a name that the screen hides.
    const { student, session, fromMs, toMs, only } = address;
    const id = student === null ? null : model.names.idOf(student);
    model.go({ areNamesHidden: areHidden });
    if (id !== null) {
      model.go({
        student: model.names.addressOf(id),
        session,
        fromMs,
        toMs,
        only
      });
    }
  };
  return (
    <header className="jp-cv-Filters">
      <label>
        <span>{trans.__('Notebook')}</span>
        <select
          value={notebooks[0] ?? ''}
          onChange={({ target }) =>
            model.go({ notebooks: target.value ? [target.value] : [] })
          }
        >
          <option value="">{trans.__('all')}</option>
          {[
            ...new Set([...notebooks, ...known.map(({ notebook }) => notebook)])
          ].map(id => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <label>
        <span>{trans.__('Group')}</span>
        <select
          value={group ?? ''}
          onChange={({ target }) => model.go({ group: target.value || null })}
        >
          <option value="">{trans.__('all')}</option>
          {[
            ...new Set([
              ...(group === null ? [] : [group]),
              ...(overview?.groups ?? [])
            ])
          ].map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <TimeWindow />
      <label className="jp-cv-Check">
        <input
          type="checkbox"
          checked={!areNamesHidden}
          onChange={({ target }) => hideNames(!target.checked)}
        />
        <span>{trans.__('Names')}</span>
      </label>
      {(overview?.has_simulated || simulated) && (
        <label className="jp-cv-Check">
          <input
            type="checkbox"
            checked={simulated}
            onChange={({ target }) => model.go({ simulated: target.checked })}
          />
          <span>{trans.__('Simulated class')}</span>
        </label>
      )}
      <span className="jp-cv-Filters-end">
        <Freshness />
        <button
          type="button"
          className="jp-cv-Button"
          title={trans.__('Save what is shown as a table')}
          onClick={() => model.csv && saveCsv(model.csv())}
        >
          {trans.__('CSV')}
        </button>
        {pageUrl && (
          <a
            className="jp-cv-Button"
            href={`${pageUrl}#${writeAddress(address)}`}
            target="_blank"
            rel="noreferrer"
            title={trans.__('Open this view in a window of its own')}
          >
            {trans.__('Second screen')}
          </a>
        )}
      </span>
    </header>
  );
}
