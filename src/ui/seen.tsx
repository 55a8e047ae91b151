import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { reasonFor } from '../events/wording';
import { troubleWords } from './placewords';
import { RecordRows } from './recordrows';
import { recordWords } from './recordwords';
import type { IMyRecords, IRecord, IRights, IVisit } from './rights';

/** Everything that is recorded of the student: what, why, and who read it. */
export function Seen(props: {
  readonly rights: IRights;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { rights, trans } = props;
  const { mine, failure } = useMyRecords(rights);
  if (!mine) {
    return (
      <p role="status">
        {failure
          ? trans.__('That did not work: %1', failure)
          : trans.__('Looking for your records…')}
      </p>
    );
  }
  const kinds = new Map<string, { latest: IRecord; count: number }>();
  for (const record of mine.records) {
    const { latest = record, count = 0 } = kinds.get(record.event) ?? {};
    kinds.set(record.event, { latest, count: count + 1 });
  }
  return (
    <>
      {mine.troubles.map(trouble => (
        <p role="alert" key={trouble.place}>
          {troubleWords(trouble, trans)}
        </p>
      ))}
      <p>
        {trans.__(
          'This is everything that is kept about you here, from all devices on which you entered your code. Click a record to see all that is in it.'
        )}
      </p>
      {mine.hasMore && (
        <p>{trans.__('There are more: the oldest ones are not shown here.')}</p>
      )}
      <details>
        <summary>{trans.__('Why is this recorded?')}</summary>
        <dl className="jp-ipynb-telemetry-Rights-why">
          {[...kinds].map(([kind, { latest, count }]) => (
            <div key={kind}>
              <dt>
                {trans._n(
                  '%2 (%1 record of this kind)',
                  '%2, for example (%1 records of this kind)',
                  count,
                  recordWords(latest, trans)
                )}
              </dt>
              <dd>{reasonFor(trans, kind)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <details>
        <summary>{trans.__('Who read it?')}</summary>
        {mine.visits.length === 0 ? (
          <p>{trans.__('Nobody has looked at it so far.')}</p>
        ) : (
          <ul className="jp-ipynb-telemetry-Rights-visits">
            {mine.visits.map((visit, index) => (
              <li key={index}>{visitWords(visit, trans)}</li>
            ))}
          </ul>
        )}
      </details>
      <RecordRows records={mine.records} trans={trans} />
    </>
  );
}

/** Asks once; `failure` says why nothing came. */
function useMyRecords(rights: IRights): {
  readonly mine: IMyRecords | null;
  readonly failure: string;
} {
  const [mine, setMine] = React.useState<IMyRecords | null>(null);
  const [failure, setFailure] = React.useState('');
  React.useEffect(() => {
    let isGone = false;
    rights.see().then(
      found => !isGone && setMine(found),
      reason => !isGone && setFailure(String(reason))
    );
    return () => {
      isGone = true;
    };
  }, [rights]);
  return { mine, failure };
}

function visitWords(
  { reader, what, notebook, first, last }: IVisit,
  trans: TranslationBundle
): string {
  const from = new Date(first).toLocaleString();
  const to = new Date(last).toLocaleTimeString();
  switch (what) {
    case 'student':
      return notebook
        ? trans.__(
            '%1 looked at your work in %2, %3 to %4',
            reader,
            notebook,
            from,
            to
          )
        : trans.__('%1 looked at your work, %2 to %3', reader, from, to);
    case 'cell':
      return trans.__(
        '%1 looked at everybody’s answers to a task in %2, %3 to %4',
        reader,
        notebook,
        from,
        to
      );
    default:
      return trans.__(
        '%1 looked at the whole class, %2 to %3',
        reader,
        from,
        to
      );
  }
}
