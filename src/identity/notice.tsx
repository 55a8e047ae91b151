import * as React from 'react';

/** The id of the text that is consented to. */
export const NOTICE_ID = 'jp-ipynb-telemetry-notice';

/** What is consented to: read first, and heard with what has the focus first. */
export function Notice(props: {
  /** What is collected and where it goes, and what else there is to know. */
  readonly paragraphs: ReadonlyArray<string>;
  /** Whether the text itself has the focus first. */
  readonly isFocused?: boolean;
}): React.JSX.Element {
  return (
    <div
      id={NOTICE_ID}
      className="jp-ipynb-telemetry-Notice"
      tabIndex={props.isFocused ? -1 : undefined}
    >
      {props.paragraphs.map(text => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}
