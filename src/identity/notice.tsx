import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { INoticeFacts } from './noticefacts';

/** The id of the text that is consented to. */
export const NOTICE_ID = 'jp-ipynb-telemetry-notice';

/** What is consented to: read first, and heard with what has the focus first. */
export function Notice(props: {
  readonly trans: TranslationBundle;
  /** What is collected and where it goes, in the instructor's words. */
  readonly text: string;
  readonly facts: INoticeFacts;
  /** What else there is to know. */
  readonly paragraphs: ReadonlyArray<string>;
  /** Whether the text itself has the focus first. */
  readonly isFocused?: boolean;
}): React.JSX.Element {
  const { trans, text, facts, paragraphs } = props;
  return (
    <div
      id={NOTICE_ID}
      className="jp-ipynb-telemetry-Notice"
      tabIndex={props.isFocused ? -1 : undefined}
    >
      <p dir="auto">{text}</p>
      <dl>
        {facts.lines.map(([label, words]) => (
          <React.Fragment key={label}>
            <dt>{label}</dt>
            <dd dir="auto">{words}</dd>
          </React.Fragment>
        ))}
      </dl>
      {facts.link !== null && (
        <p>
          <a href={facts.link} target="_blank" rel="noopener noreferrer">
            {trans.__('More about this recording')}
          </a>
        </p>
      )}
      {paragraphs.map(words => (
        <p key={words} dir="auto">
          {words}
        </p>
      ))}
    </div>
  );
}
