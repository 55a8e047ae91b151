import * as React from 'react';
import { useTrans } from '../trans';
import { momentText } from './format';

const HEIGHT = 14;
/** The widest that five minutes are drawn, in pixels. */
const WIDEST = 12;
const WIDTH = 420;
const SLOT_MS = 5 * 60_000;

/** The five minutes in which somebody was there, of those in which anybody was; and in words, which open them. */
export function Presence(props: {
  /** The beginnings of the class's five minutes, the earliest first. */
  readonly slots: ReadonlyArray<number>;
  readonly present: ReadonlyArray<number>;
  /** Open what was done in a stretch of time. */
  readonly open: (fromMs: number, toMs: number) => void;
}): React.JSX.Element {
  const trans = useTrans();
  const { slots } = props;
  const present = new Set(props.present);
  const step = Math.min(WIDEST, WIDTH / Math.max(slots.length, 1));
  const bars = (isThere: boolean): string =>
    slots
      .map((at, index) => {
        const height = isThere ? HEIGHT : 2;
        return present.has(at) === isThere
          ? `M${index * step} ${HEIGHT}v${-height}h${step * 0.8}v${height}z`
          : '';
      })
      .join('');
  const width = Math.max(step * slots.length, 1);
  return (
    <p className="jp-cv-Strip">
      <svg
        role="img"
        aria-label={wordsOf(props.present, trans)}
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
      >
        <path d={bars(true)} />
        <path className="jp-cv-absent" d={bars(false)} />
      </svg>
      {props.present.length === 0 ? (
        <span className="jp-cv-quiet">{wordsOf(props.present, trans)}</span>
      ) : (
        stretchesOf(props.present).map(([from, to]) => (
          <button
            key={from}
            type="button"
            className="jp-cv-Link"
            onClick={() => props.open(from, to)}
          >
            {stretchText([from, to])}
          </button>
        ))
      )}
    </p>
  );
}

/** From when to when somebody was there, gap by gap. */
export function stretchesOf(
  present: ReadonlyArray<number>
): ReadonlyArray<readonly [number, number]> {
  const stretches: [number, number][] = [];
  for (const at of present) {
    const last = stretches[stretches.length - 1];
    if (last && last[1] === at) {
      last[1] = at + SLOT_MS;
    } else {
      stretches.push([at, at + SLOT_MS]);
    }
  }
  return stretches;
}

function wordsOf(
  present: ReadonlyArray<number>,
  trans: ReturnType<typeof useTrans>
): string {
  return present.length === 0
    ? trans.__('not there in this time')
    : stretchesOf(present).map(stretchText).join(', ');
}

function stretchText([from, to]: readonly [number, number]): string {
  return `${momentText(from)} – ${momentText(to)}`;
}
