import * as React from 'react';
import type { Frontier } from '../answers/frontier';
import { Chart } from '../charts/chart';
import type { Figure, IAddress } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { momentText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { overTime } from '../charts/overtime';

/** Where the class is: how many are at each exercise, and what the class has solved over time. */
export function FrontierView(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('frontier');
  const open = (figure: Figure): void => model.go({ ...NOTHING_OPEN, figure });
  return (
    <section className="jp-cv-Card" aria-labelledby="jp-cv-frontier">
      <header>
        <h2 id="jp-cv-frontier">{trans.__('Where the class is')}</h2>
        {result && (
          <span className="jp-cv-quiet">
            <button
              type="button"
              className="jp-cv-Link"
              onClick={() => open('done')}
            >
              {trans.__('%1 done', result.done)}
            </button>
            {result.not_started > 0 && (
              <>
                {' · '}
                <button
                  type="button"
                  className="jp-cv-Link"
                  onClick={() => open('untried')}
                >
                  {trans.__('%1 tried nothing yet', result.not_started)}
                </button>
              </>
            )}
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
  const open = (there: Partial<IAddress>): void =>
    model.go({ ...NOTHING_OPEN, ...there });
  const { exercises, place } = frontier;
  if (exercises.length === 0) {
    return <p>{trans.__('No exercise is known yet.')}</p>;
  }
  const most = Math.max(...exercises.map(({ here }) => here), 1);
  // After as many solved ones as half of the class has, the next one is at work.
  const median =
    place &&
    exercises.filter(({ is_tested }) => is_tested)[Math.floor(place.median)];
  return (
    <ol className="jp-cv-Bars">
      {exercises.map(each => {
        const { notebook, exercise, title, here, solved, is_tested } = each;
        return (
          <li key={`${notebook} ${exercise}`}>
            <button
              type="button"
              className="jp-cv-Link"
              title={title}
              onClick={() => open({ notebook, exercise })}
            >
              {title}
            </button>
            <button
              type="button"
              className="jp-cv-Link jp-cv-Here"
              aria-label={trans.__('%1: %2 here', title, here)}
              onClick={() => open({ notebook, exercise, part: 'here' })}
            >
              <span className="jp-cv-Bar">
                <span style={{ width: `${(here / most) * 100}%` }} />
              </span>
              <span className="jp-cv-number">{here}</span>
            </button>
            {is_tested ? (
              <button
                type="button"
                className="jp-cv-Link jp-cv-number"
                aria-label={trans.__('%1: solved %2', title, solved)}
                onClick={() => open({ notebook, exercise, part: 'passed' })}
              >
                {trans.__('solved %1', solved)}
              </button>
            ) : (
              <span>{trans.__('no test')}</span>
            )}
            <span className="jp-cv-Median">
              {each === median && (
                <button
                  type="button"
                  className="jp-cv-Link"
                  onClick={() => open({ figure: 'solved' })}
                >
                  {trans.__('◂ median')}
                </button>
              )}
            </span>
          </li>
        );
      })}
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
