import * as React from 'react';
import { useTrans } from '../trans';

const WIDTH = 96;
const HEIGHT = 16;
/** Minutes that a count stands for. */
const SLOT = 5;

/** Events per five minutes of the last hour, as bars; and in words. */
export function Sparkline(props: {
  readonly counts: ReadonlyArray<number>;
}): React.JSX.Element {
  const trans = useTrans();
  const { counts } = props;
  const most = Math.max(...counts, 1);
  const step = WIDTH / Math.max(counts.length, 1);
  const path = counts
    .map((count, index) => {
      const height = count === 0 ? 0.5 : 2 + (count / most) * (HEIGHT - 2);
      return `M${index * step} ${HEIGHT}v${-height}h${step - 1.5}v${height}z`;
    })
    .join('');
  return (
    <svg
      className="jp-cv-Sparkline"
      role="img"
      aria-label={sparkText(counts, trans)}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    >
      <path d={path} />
    </svg>
  );
}

/** When the first of so many five minutes began, the last of which a moment lies in. */
export function sparkBegin(atMs: number, counts: number): number {
  const slot = SLOT * 60_000;
  return (Math.floor(atMs / slot) - counts + 1) * slot;
}

/** The same in words. */
export function sparkText(
  counts: ReadonlyArray<number>,
  trans: { __: (text: string, ...args: unknown[]) => string }
): string {
  const sum = counts.reduce((total, count) => total + count, 0);
  const last = [...counts].reverse().findIndex(count => count > 0);
  return sum === 0
    ? trans.__('no events in the last hour')
    : trans.__(
        '%1 events in the last hour, the last %2 minutes ago or less',
        sum,
        (last + 1) * SLOT
      );
}
