import * as React from 'react';
import type { Claim } from '../answers/claims';
import type { Names } from '../model/names';
import { momentText } from '../parts/format';
import { useAnswer, useModel } from '../parts/usemodel';
import type { Trans } from '../trans';
import { useTrans } from '../trans';

/** Names that may be of several people, where nobody signs in; nothing where all is plain. */
export function Claims(): React.JSX.Element | null {
  const trans = useTrans();
  const { names } = useModel();
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
            {wordsOf(row, names, trans)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf(row: Claim, names: Names, trans: Trans): string {
  const who = row.students.map(student => names.of(student)).join(', ');
  const last = momentText(row.last_ms);
  if (row.claim === 'one_name') {
    return row.is_at_once
      ? trans.__(
          '%1: from %2 computers, in turn; last at %3',
          who,
          row.senders,
          last
        )
      : trans.__(
          '%1: from %2 computers, one after the other; last at %3',
          who,
          row.senders,
          last
        );
  }
  return row.is_at_once
    ? trans.__('From one computer, in turn: %1; last at %2', who, last)
    : trans.__(
        'From one computer, one after the other: %1; last at %2',
        who,
        last
      );
}
