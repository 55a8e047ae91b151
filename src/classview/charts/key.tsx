import * as React from 'react';

/** A part of a bar, as a key tells it. */
export interface IPart {
  readonly words: string;
  readonly fill: string;
}

/** What the colours of a chart mean. A screen reader has it in the words of the chart. */
export function Key(props: {
  readonly parts: ReadonlyArray<IPart>;
}): React.JSX.Element {
  return (
    <div className="jp-cv-Key" aria-hidden="true">
      {props.parts.map(({ words, fill }) => (
        <span key={words}>
          <i style={{ background: fill }} />
          {words}
        </span>
      ))}
    </div>
  );
}
