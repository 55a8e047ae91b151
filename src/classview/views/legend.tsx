import * as React from 'react';
import { useTrans } from '../trans';
import { GLYPHS } from './state';

/** What the glyphs of the progress grid mean. */
export function Legend(): React.JSX.Element {
  const trans = useTrans();
  const words = {
    untouched: trans.__('untouched'),
    tried: trans.__('tried, runs'),
    failing: trans.__('failing, failed tries'),
    passed: trans.__('passed, at try'),
    peeked: trans.__('passed after looking at the solution')
  };
  return (
    <ul className="jp-cv-Legend" aria-label={trans.__('Legend')}>
      {(Object.keys(words) as (keyof typeof words)[]).map(kind => (
        <li key={kind}>
          <span className={`jp-cv-glyph jp-cv-state-${kind}`}>
            {GLYPHS[kind]}
          </span>
          {words[kind]}
        </li>
      ))}
    </ul>
  );
}
