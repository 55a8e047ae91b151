import * as React from 'react';
import type { NeedsRow } from '../answers/needs';
import { useHeldOrder } from '../grid/order';
import { pausedAt } from '../model/pauses';
import { isoOf, durationText, momentText } from '../parts/format';
import type { Figure } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { Problem } from '../parts/problem';
import { useAnswer, useCsv, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { SeenRows } from './seenrows';

const MINUTE_MS = 60_000;

/** How urgent a signal is: a shape, and a colour beside it. */
const SHAPES: Readonly<Record<NeedsRow['signal'], string>> = {
  S1: '▲',
  S2: '▲',
  S3: '▲',
  S4: '△',
  S5: '○',
  S6: '?'
};

const keyOf = (row: NeedsRow): string =>
  JSON.stringify([row.student, row.notebook, row.exercise, row.signal]);

/** Who needs the instructor now: a row is a sentence first, and data second. */
export function NeedsView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { names, overview } = model;
  const { result, problem, atMs } = useAnswer('needs');
  const open = (figure: Figure): void => model.go({ ...NOTHING_OPEN, figure });
  const nowMs = atMs ?? Date.now();
  const rows = result?.rows ?? [];
  const paused = pausedAt(overview, nowMs).size;
  useCsv(() => ({
    name: 'needs',
    rows: [
      [
        trans.__('student'),
        trans.__('notebook'),
        trans.__('exercise'),
        trans.__('signal'),
        trans.__('reason'),
        trans.__('since'),
        trans.__('last')
      ],
      ...rows.map(row => [
        names.of(row.student),
        row.notebook,
        row.title ?? row.exercise,
        row.signal,
        row.reason,
        isoOf(row.since_ms),
        isoOf(row.last_ms)
      ])
    ]
  }));
  const urgent = rows.filter(({ signal }) => !['S5', 'S6'].includes(signal));
  return (
    <section className="jp-cv-Card jp-cv-Needs" aria-labelledby="jp-cv-needs">
      <header>
        <h2 id="jp-cv-needs">{trans.__('Needs you now')}</h2>
        {result && <span className="jp-cv-Big">{urgent.length}</span>}
      </header>
      <Problem text={problem} />
      {result && (
        <>
          <p className="jp-cv-quiet">
            <button
              type="button"
              className="jp-cv-Link"
              onClick={() => open('here')}
            >
              {trans.__('%1 of %2 here', result.here, result.expected)}
            </button>
            {result.not_started > 0 && (
              <>
                {' · '}
                <button
                  type="button"
                  className="jp-cv-Link"
                  onClick={() => open('absent')}
                >
                  {trans.__('%1 not started', result.not_started)}
                </button>
              </>
            )}
            {paused > 0 && ` · ${trans.__('%1 paused', paused)}`}
          </p>
          {urgent.length === 0 && (
            <p>{trans.__('Nobody needs you as far as events tell.')}</p>
          )}
          <Rows rows={urgent} nowMs={nowMs} />
          <Summed
            rows={rows.filter(({ signal }) => signal === 'S5')}
            signal="S5"
            nowMs={nowMs}
          />
          <Summed
            rows={rows.filter(({ signal }) => signal === 'S6')}
            signal="S6"
            nowMs={nowMs}
          />
          <SeenRows seen={result.seen} />
        </>
      )}
    </section>
  );
}

function Rows(props: {
  readonly rows: ReadonlyArray<NeedsRow>;
  /** The moment that the rows are about. */
  readonly nowMs: number;
}): React.JSX.Element {
  const [isPointed, setPointed] = React.useState(false);
  const [isFocused, setFocused] = React.useState(false);
  const byKey = new Map(props.rows.map(row => [keyOf(row), row]));
  const keys = [...byKey.keys()];
  const { order } = useHeldOrder(keys, '', isPointed || isFocused);
  return (
    <ul
      className="jp-cv-NeedsRows"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={event =>
        setFocused(event.currentTarget.contains(event.relatedTarget))
      }
    >
      {order.map(key => {
        const row = byKey.get(key);
        return row && <NeedsItem key={key} row={row} nowMs={props.nowMs} />;
      })}
    </ul>
  );
}

function NeedsItem(props: {
  readonly row: NeedsRow;
  readonly nowMs: number;
}): React.JSX.Element {
  const { row, nowMs } = props;
  const trans = useTrans();
  const model = useModel();
  const { names } = model;
  const [problem, setProblem] = React.useState('');
  const name = names.of(row.student);
  return (
    <li>
      <span className={`jp-cv-Shape jp-cv-${row.signal}`} aria-hidden="true">
        {SHAPES[row.signal]}
      </span>
      <div>
        <p>
          <strong>{name}</strong> {row.reason}
        </p>
        <p className="jp-cv-quiet">
          {trans.__(
            '%1, last event %2',
            durationText(Math.max(0, nowMs - row.since_ms), trans),
            momentText(row.last_ms)
          )}
          {problem && <span role="alert"> {problem}</span>}
        </p>
      </div>
      <span className="jp-cv-Actions">
        <button
          type="button"
          className="jp-cv-Button"
          aria-label={trans.__('Open %1', name)}
          onClick={() =>
            model.go({
              ...NOTHING_OPEN,
              student: names.addressOf(row.student),
              notebook: row.exercise === null ? null : row.notebook,
              exercise: row.exercise
            })
          }
        >
          {trans.__('open')}
        </button>
        <button
          type="button"
          className="jp-cv-Button"
          aria-label={trans.__('Mark %1 as seen', name)}
          onClick={() => {
            model.client.markSeen(row).then(
              () => model.forget(),
              (reason: Error) => setProblem(reason.message)
            );
          }}
        >
          {trans.__('seen')}
        </button>
      </span>
    </li>
  );
}

/** The quiet ones, or those of whom nothing arrives: a line, and who they are. */
function Summed(props: {
  readonly rows: ReadonlyArray<NeedsRow>;
  readonly signal: 'S5' | 'S6';
  readonly nowMs: number;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { overview } = useModel();
  const { rows, signal } = props;
  if (rows.length === 0) {
    return null;
  }
  const count = rows.length;
  const quietMs = (overview?.thresholds.recent_minutes ?? 0) * MINUTE_MS;
  return (
    <details className="jp-cv-Summed">
      <summary>
        <span className={`jp-cv-Shape jp-cv-${signal}`} aria-hidden="true">
          {SHAPES[signal]}
        </span>
        {signal === 'S5'
          ? trans.__(
              '%1 quiet for more than %2',
              count,
              durationText(quietMs, trans)
            )
          : trans.__('%1 not arriving', count)}
      </summary>
      <Rows rows={rows} nowMs={props.nowMs} />
    </details>
  );
}
