import * as React from 'react';
import type { Engagement } from '../answers/engagement';
import { Presence } from '../parts/presence';
import { durationText, shareText } from '../parts/format';
import { Problem } from '../parts/problem';
import { useAnswer } from '../parts/usemodel';
import { useTrans } from '../trans';

type Leaves = Engagement['students'][number]['leaves'];

/** When a student was there, and how long and why away. No score. */
export function StudentPresence(props: {
  readonly student: string;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { result, problem } = useAnswer('engagement');
  const row = result?.students.find(({ student }) => student === props.student);
  if (!result || !row) {
    return <Problem text={problem} />;
  }
  const leaves = wordsOf(row.leaves, trans);
  return (
    <section>
      <h3>{trans.__('There, per five minutes')}</h3>
      <Presence
        slots={result.slots.map(({ at_ms }) => at_ms)}
        present={row.present}
      />
      <p>
        {row.away_share === null
          ? trans.__('Nothing is known of time away.')
          : trans.__(
              'Away %1 of %2',
              shareText(row.away_share),
              durationText(row.span_ms, trans)
            )}
        {leaves && `: ${leaves}`}
      </p>
    </section>
  );
}

function wordsOf(
  { window, tab, page_hidden: hidden }: Leaves,
  trans: ReturnType<typeof useTrans>
): string {
  return [
    window > 0 && trans.__('another window %1 ×', window),
    tab > 0 && trans.__('another tab of JupyterLab %1 ×', tab),
    hidden > 0 && trans.__('page hidden %1 ×', hidden)
  ]
    .filter(Boolean)
    .join(', ');
}
