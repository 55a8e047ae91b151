import * as React from 'react';
import type { Claim } from '../answers/claims';
import { momentText } from '../parts/format';
import { NAMES, NamedSentence } from '../parts/namedsentence';
import { useAnswer } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';

/** Names that may be of several people, where nobody signs in; nothing where all is plain. */
export function Claims(): React.JSX.Element | null {
  const trans = useTrans();
  const { result } = useAnswer('claims');
  if (!result || result.rows.length === 0) {
    return null;
  }
  return (
    <section
      className="jp-cv-Claims"
      aria-label={trans.__('Names are claims')}
      tabIndex={0}
    >
      <h2>{trans.__('Names are claims')}</h2>
      <p className="jp-cv-Hint">
        {trans.__(
          'Nobody signed in: a name is what somebody typed. A second computer or a shared one is often the reason.'
        )}
      </p>
      <ul>
        {result.rows.map(row => (
          <li key={`${row.claim} ${row.students.join(' ')} ${row.first_ms}`}>
            <NamedSentence text={wordsOf(row, trans)} students={row.students} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf(row: Claim, trans: Trans): string {
  const last = momentText(row.last_ms);
  if (row.claim === 'one_name') {
    return row.is_at_once
      ? trans.__(
          '%1: from %2 computers, in turn; last at %3',
          NAMES,
          row.senders,
          last
        )
      : trans.__(
          '%1: from %2 computers, one after the other; last at %3',
          NAMES,
          row.senders,
          last
        );
  }
  return row.is_at_once
    ? trans.__('From one computer, in turn: %1; last at %2', NAMES, last)
    : trans.__(
        'From one computer, one after the other: %1; last at %2',
        NAMES,
        last
      );
}
