import * as React from 'react';
import type { Frontier } from '../answers/frontier';
import { Chart } from '../charts/chart';
import { NOTHING_OPEN } from '../model/address';
import { momentText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { overTime } from '../charts/overtime';

/** Where the class is: how many are at each exercise, and what the class has solved over time. */
export function FrontierView(): React.JSX.Element {
  const trans = useTrans();
  const { result, problem } = useAnswer('frontier');
  return (
    <section className="jp-cv-Card" aria-labelledby="jp-cv-frontier">
      <header>
        <h2 id="jp-cv-frontier">{trans.__('Where the class is')}</h2>
        {result && (
          <span className="jp-cv-quiet">
            {trans.__('%1 done', result.done)}
            {result.not_started > 0 &&
              ` · ${trans.__('%1 tried nothing yet', result.not_started)}`}
          </span>
        )}
      </header>
      <Problem text={problem} />
      {result && <Bars frontier={result} />}
      {result && result.over_time.length > 1 && (
        <figure>
          <figcaption>
            {trans.__(
              'Exercises solved over time: median, within the middle half of the class'
            )}
          </figcaption>
          <Chart
            label={timeText(result, trans)}
            draw={overTime}
            data={result.over_time}
          />
        </figure>
      )}
    </section>
  );
}

function Bars({
  frontier
}: {
  readonly frontier: Frontier;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { exercises, place } = frontier;
  if (exercises.length === 0) {
    return <p>{trans.__('No exercise is known yet.')}</p>;
  }
  const most = Math.max(...exercises.map(({ here }) => here), 1);
  // After as many solved ones as half of the class has, the next one is at work.
  const median = place === null ? -1 : Math.floor(place.median);
  return (
    <ol className="jp-cv-Bars">
      {exercises.map(({ notebook, exercise, title, here, solved }, index) => (
        <li key={`${notebook} ${exercise}`}>
          <button
            type="button"
            className="jp-cv-Link"
            title={title}
            onClick={() => model.go({ ...NOTHING_OPEN, notebook, exercise })}
          >
            {title}
          </button>
          <span className="jp-cv-Bar" aria-hidden="true">
            <span style={{ width: `${(here / most) * 100}%` }} />
          </span>
          <span className="jp-cv-number">
            {here}
            <span className="jp-cv-hidden">{trans.__(' here')}</span>
          </span>
          <span className="jp-cv-quiet jp-cv-number">
            {trans.__('solved %1', solved)}
          </span>
          <span className="jp-cv-Median">
            {index === median && trans.__('◂ median')}
          </span>
        </li>
      ))}
    </ol>
  );
}

function timeText(
  { over_time }: Frontier,
  trans: ReturnType<typeof useTrans>
): string {
  const first = over_time[0];
  const last = over_time[over_time.length - 1];
  return trans.__(
    'Exercises solved from %1 to %2: the median went from %3 to %4; at the end the middle half of the class had %5 to %6',
    momentText(first.at_ms),
    momentText(last.at_ms),
    first.median,
    last.median,
    last.q1,
    last.q3
  );
}
