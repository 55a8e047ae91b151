import * as React from 'react';
import { Presence } from '../parts/presence';
import { durationText, shareText } from '../parts/format';
import { leavesText } from '../parts/leaves';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** When a student was there, and how long and why away. No score. */
export function StudentPresence(props: {
  readonly student: string;
}): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('engagement');
  const row = result?.students.find(({ student }) => student === props.student);
  if (!result || !row) {
    return <Problem text={problem} />;
  }
  const leaves = leavesText(row.leaves, trans);
  return (
    <section>
      <h3>{trans.__('There, per five minutes')}</h3>
      <Presence
        slots={result.slots.map(({ at_ms }) => at_ms)}
        present={row.present}
        open={(fromMs, toMs) => model.go({ fromMs, toMs })}
      />
      <p>
        <button
          type="button"
          className="jp-cv-Link"
          onClick={() => model.go({ only: 'leaves' })}
        >
          {row.away_share === null
            ? trans.__('Nothing is known of time away.')
            : trans.__(
                'Away %1 of %2',
                shareText(row.away_share),
                durationText(row.span_ms, trans)
              )}
          {leaves && `: ${leaves}`}
        </button>
      </p>
    </section>
  );
}
