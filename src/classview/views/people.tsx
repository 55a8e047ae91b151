import * as React from 'react';
import type { PeopleRow } from '../answers/people';
import type { Names } from '../model/names';
import { momentText } from '../parts/format';
import { useAnswer, useModel } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';
import { WhoIsWhom } from './whoiswhom';

/** Names that are of one person, and names that are of two: said here, listed, and taken back. */
export function People(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result } = useAnswer('people');
  const [problem, setProblem] = React.useState('');
  const rows = result?.rows ?? [];
  const inForce = rows.filter(({ undone_ms }) => undone_ms === null).length;
  const undo = async (change: number): Promise<void> => {
    setProblem('');
    try {
      await model.client.sayWho({ undo: change });
      model.forget();
    } catch (reason) {
      setProblem((reason as Error).message);
    }
  };
  return (
    <details className="jp-cv-People">
      <summary>
        {inForce === 0
          ? trans.__('Merge or split people')
          : trans._n(
              'Merge or split people (%1 in force)',
              'Merge or split people (%1 in force)',
              inForce
            )}
      </summary>
      <p className="jp-cv-Hint">
        {trans.__(
          'Somebody has typed another name, or two have the same one? Say so here. The events stay as they are; each table, export and figure follows, and all of it can be undone.'
        )}
      </p>
      <WhoIsWhom />
      {problem && <p role="alert">{problem}</p>}
      {rows.length > 0 && (
        <ul aria-label={trans.__('What was said of who is whom')}>
          {rows.map(row => (
            <li key={row.change} data-undone={row.undone_ms !== null}>
              <span>{wordsOf(row, model.names, trans)}</span>
              {row.undone_ms === null && (
                <button
                  type="button"
                  className="jp-cv-Button"
                  aria-label={trans.__(
                    'Undo: %1',
                    wordsOf(row, model.names, trans)
                  )}
                  onClick={() => void undo(row.change)}
                >
                  {trans.__('Undo')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** Whoever shows a server's token has no name but a random one. */
const NAMELESS = /^[0-9a-f]{32}$/;

function nameOf(reader: string, trans: Trans): string {
  return NAMELESS.test(reader) ? trans.__('with the server’s token') : reader;
}

function wordsOf(row: PeopleRow, names: Names, trans: Trans): string {
  const who = names.of(row.student);
  const person = names.of(row.person);
  const by = nameOf(row.said_by, trans);
  const at = momentText(row.at_ms);
  const said =
    row.sessions === 0
      ? trans.__('%1 is %2 (%3, %4)', who, person, by, at)
      : trans._n(
          '%2: %1 session is of %3 (%4, %5)',
          '%2: %1 sessions are of %3 (%4, %5)',
          row.sessions,
          who,
          person,
          by,
          at
        );
  return row.undone_ms === null
    ? said
    : trans.__(
        '%1; undone (%2, %3)',
        said,
        nameOf(row.undone_by ?? '', trans),
        momentText(row.undone_ms)
      );
}
