import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { placeWords } from './placewords';
import { recordWords } from './recordwords';
import type { IRecord } from './rights';

/** Rows shown at first and with each "Show older". */
const PAGE = 100;

/** Records that match what is searched for, newest first; a click opens one. */
export function RecordRows(props: {
  readonly records: ReadonlyArray<IRecord>;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { records, trans } = props;
  const [search, setSearch] = React.useState('');
  const [limit, setLimit] = React.useState(PAGE);
  const id = React.useId();
  const found = React.useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return words.length === 0
      ? records
      : records.filter(record => {
          const text = textOf(record, trans);
          return words.every(word => text.includes(word));
        });
  }, [records, search, trans]);
  return (
    <>
      <div className="jp-ipynb-telemetry-Rights-search">
        <label htmlFor={id}>{trans.__('Search')}</label>
        <input
          id={id}
          className="jp-mod-styled"
          type="search"
          value={search}
          onChange={event => {
            setSearch(event.target.value);
            setLimit(PAGE);
          }}
        />
        <span role="status">
          {trans._n('%1 record', '%1 records', found.length)}
        </span>
      </div>
      <ol aria-label={trans.__('Records, newest first')}>
        {found.slice(0, limit).map(record => (
          <Row key={record.uuid} record={record} trans={trans} />
        ))}
      </ol>
      {found.length > limit && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => setLimit(limit + PAGE)}
        >
          {trans.__('Show older')}
        </button>
      )}
    </>
  );
}

const Row = React.memo(function Row(props: {
  readonly record: IRecord;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { record, trans } = props;
  const [isOpen, setOpen] = React.useState(false);
  const words = recordWords(record, trans);
  const places = record.places.map(place => placeWords(place, trans));
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="jp-ipynb-telemetry-Activity-words">{words}</span>
        <span className="jp-ipynb-telemetry-Activity-facts">
          {[
            record.notebook,
            new Date(record.timestamp).toLocaleString(),
            ...places
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </button>
      {isOpen && (
        <pre tabIndex={0} aria-label={words}>
          {JSON.stringify(record, undefined, 2)}
        </pre>
      )}
    </li>
  );
});

function textOf(record: IRecord, trans: TranslationBundle): string {
  const { event, timestamp, properties } = record;
  const date = new Date(timestamp).toLocaleString();
  return `${recordWords(record, trans)} ${event} ${date} ${JSON.stringify(properties)}`.toLowerCase();
}
