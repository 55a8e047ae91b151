import * as React from 'react';
import { useTrans } from '../trans';

/** How many secrets were taken out of what a student typed and printed, where there were any. */
export function Redacted(props: {
  readonly count: number | undefined;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { count } = props;
  return count ? (
    <span className="jp-cv-quiet">
      {' '}
      {trans._n('%1 secret was taken out', '%1 secrets were taken out', count)}
    </span>
  ) : null;
}
