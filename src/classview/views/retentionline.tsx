import * as React from 'react';
import { dateText } from '../parts/format';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

const DAY_MS = 86_400_000;

/** Until when the events of the class are kept. */
export function RetentionLine(): React.JSX.Element | null {
  const trans = useTrans();
  const { overview } = useModel();
  if (!overview || overview.first_ms === null) {
    return null;
  }
  const { retention_days: days, first_ms: first } = overview;
  return (
    <div className="jp-cv-Line">
      <p>
        {days
          ? trans._n(
              'Events are deleted %1 day after they came, the oldest on %2.',
              'Events are deleted %1 days after they came, the oldest on %2.',
              days,
              dateText(first + days * DAY_MS)
            )
          : trans.__('Events are kept until somebody deletes them.')}
      </p>
    </div>
  );
}
