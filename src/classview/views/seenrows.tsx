import * as React from 'react';
import type { Needs } from '../answers/needs';
import { momentText } from '../parts/format';
import { NAMES, NamedSentence } from '../parts/namedsentence';
import { useTrans } from '../trans';

/** Whose rows an instructor has seen, and who that was. */
export function SeenRows(props: {
  readonly seen: Needs['seen'];
}): React.JSX.Element | null {
  const trans = useTrans();
  const { seen } = props;
  return seen.length === 0 ? null : (
    <details className="jp-cv-Summed">
      <summary>{trans.__('%1 seen', seen.length)}</summary>
      <ul className="jp-cv-Names">
        {seen.map(({ student, signal, by, at_ms }) => (
          <li key={`${student} ${signal} ${at_ms}`}>
            <NamedSentence
              text={trans.__('%1, by %2 at %3', NAMES, by, momentText(at_ms))}
              students={[student]}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
