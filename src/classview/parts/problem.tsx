import * as React from 'react';

/** Why something is not shown; nothing where all is well. */
export function Problem(props: {
  readonly text: string;
}): React.JSX.Element | null {
  return props.text ? (
    <p className="jp-cv-Problem" role="alert">
      {props.text}
    </p>
  ) : null;
}
