import * as React from 'react';
import { useTrans } from '../trans';
import { momentText } from './format';
import { useModel } from './usemodel';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A lesson, for who looks back and has not said at what. */
const LESSON_MS = 2 * HOUR;

/** All time, the last hours, or a past lesson with a slider to replay it. */
export function TimeWindow(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { sinceMs, untilMs, atMs } = model.address;
  const kind = untilMs !== null ? 'past' : sinceMs !== null ? 'since' : 'all';
  const choose = (value: string): void => {
    const now = Date.now();
    if (value === 'past') {
      const last = (model.overview?.notebooks ?? []).map(
        ({ last_ms }) => last_ms ?? 0
      );
      const end = roundUp(Math.max(...last, 0) || now);
      model.go({ sinceMs: end - LESSON_MS, untilMs: end, atMs: null });
    } else {
      const since = value === 'since' ? now - LESSON_MS : null;
      model.go({ sinceMs: since, untilMs: null, atMs: null });
    }
  };
  return (
    <>
      <label>
        <span>{trans.__('Time')}</span>
        <select value={kind} onChange={({ target }) => choose(target.value)}>
          <option value="all">{trans.__('all, live')}</option>
          <option value="since">
            {kind === 'since'
              ? trans.__('since %1, live', momentText(sinceMs))
              : trans.__('the last 2 hours, live')}
          </option>
          <option value="past">{trans.__('a past lesson')}</option>
        </select>
      </label>
      {untilMs !== null && (
        <>
          <Moment
            label={trans.__('From')}
            value={sinceMs ?? untilMs - LESSON_MS}
            onChange={value => {
              model.go({
                sinceMs: value,
                untilMs: Math.max(untilMs, value + MINUTE),
                atMs: null
              });
            }}
          />
          <Moment
            label={trans.__('To')}
            value={untilMs}
            onChange={value => {
              model.go({
                untilMs: value,
                sinceMs: Math.min(sinceMs ?? value, value - MINUTE),
                atMs: null
              });
            }}
          />
          <Replay
            from={sinceMs ?? untilMs - LESSON_MS}
            to={untilMs}
            at={atMs ?? untilMs}
          />
        </>
      )}
    </>
  );
}

function Replay(props: {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { from, to, at } = props;
  return (
    <label className="jp-cv-Replay">
      <span>{trans.__('Replay, at %1', momentText(at))}</span>
      <input
        type="range"
        min={from + MINUTE}
        max={to}
        step={MINUTE}
        value={Math.min(Math.max(at, from + MINUTE), to)}
        aria-valuetext={momentText(at)}
        onChange={({ target }) => {
          const value = Number(target.value);
          model.go({ atMs: value >= to ? null : value });
        }}
      />
    </label>
  );
}

function Moment(props: {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}): React.JSX.Element {
  return (
    <label>
      <span>{props.label}</span>
      <input
        type="datetime-local"
        value={localText(props.value)}
        onChange={({ target }) => {
          const value = new Date(target.value).getTime();
          if (!Number.isNaN(value)) {
            props.onChange(value);
          }
        }}
      />
    </label>
  );
}

/** The next whole five minutes. */
function roundUp(at: number): number {
  return Math.ceil(at / (5 * MINUTE)) * 5 * MINUTE;
}

/** A moment as such a field has it, in the reader's time zone, to the minute. */
function localText(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * MINUTE;
  return new Date(at - offset).toISOString().slice(0, 16);
}
