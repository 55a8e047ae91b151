import * as React from 'react';
import type { Peeks } from '../answers/peeks';
import type { IAddress } from '../model/address';
import { durationText, momentText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

type Look = Peeks['peeks'][number];

/** The solutions that a student opened: after what, for how long, and whether they were copied. */
export function StudentPeeks(props: {
  readonly student: string;
}): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('peeks');
  const looks = (result?.peeks ?? []).filter(
    ({ student }) => student === props.student
  );
  if (looks.length === 0) {
    return <Problem text={problem} />;
  }
  const whens: Readonly<Record<Look['when'], string>> = {
    before: trans.__('before any run'),
    after_failure: trans.__('after failures'),
    after_run: trans.__('after runs without failure'),
    after_pass: trans.__('after passing')
  };
  const titleOf = ({ notebook, exercise }: Look): string | undefined =>
    result?.exercises.find(
      ref => ref.notebook === notebook && ref.exercise === exercise
    )?.title;
  return (
    <section>
      <h3>{trans.__('Opened solutions: %1', looks.length)}</h3>
      <ul className="jp-cv-Looks">
        {looks.map((look, index) => (
          <li key={index}>
            <time dateTime={new Date(look.at_ms).toISOString()}>
              {momentText(look.at_ms)}
            </time>
            <span>
              <button
                type="button"
                className="jp-cv-Link"
                onClick={() =>
                  model.go(
                    look.exercise === null
                      ? timeOf(look)
                      : { notebook: look.notebook, exercise: look.exercise }
                  )
                }
              >
                {titleOf(look) ?? look.summary}
              </button>{' '}
              {whens[look.when]}
              <span className="jp-cv-quiet">
                {[
                  look.is_glance
                    ? trans.__(', a glance')
                    : look.open_ms !== null &&
                      trans.__(
                        ', open for %1',
                        durationText(look.open_ms, trans)
                      ),
                  look.is_copied && trans.__(', copied')
                ]
                  .filter(Boolean)
                  .join('')}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The time of a look that belongs to no exercise: from the opening to the closing. */
function timeOf({ at_ms, open_ms }: Look): Partial<IAddress> {
  return { fromMs: at_ms, toMs: at_ms + (open_ms ?? 0) + 1 };
}
