import * as React from 'react';
import { diffLines } from './diff';
import { useTrans } from '../trans';

/** Code, as a diff from the attempt before where there is one. */
export function Code(props: {
  readonly code: string;
  readonly before?: string | null;
}): React.JSX.Element {
  const trans = useTrans();
  const lines = diffLines(props.before ?? null, props.code);
  const words = { '+': trans.__('added'), '-': trans.__('taken away') };
  return (
    <pre className="jp-cv-Code" tabIndex={0} aria-label={trans.__('Code')}>
      {lines.map(({ sign, text }, index) =>
        sign === ' ' ? (
          <span key={index}>{`  ${text}\n`}</span>
        ) : sign === '+' ? (
          <ins key={index} title={words[sign]}>{`+ ${text}\n`}</ins>
        ) : (
          <del key={index} title={words[sign]}>{`- ${text}\n`}</del>
        )
      )}
    </pre>
  );
}

/** Output or a traceback, as it was printed. */
export function Printed(props: {
  readonly label: string;
  readonly text: string;
}): React.JSX.Element {
  return (
    <pre className="jp-cv-Printed" tabIndex={0} aria-label={props.label}>
      {props.text}
    </pre>
  );
}
