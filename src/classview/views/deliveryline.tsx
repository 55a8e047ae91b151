import * as React from 'react';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Whether everything arrives, in a line. */
export function DeliveryLine(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('audit');
  const isMissing = result?.sessions.some(({ missing }) => missing > 0);
  return (
    <section className="jp-cv-Card" aria-labelledby="jp-cv-delivery">
      <header>
        <h2 id="jp-cv-delivery">{trans.__('Delivery')}</h2>
        <button
          type="button"
          className="jp-cv-Link"
          onClick={() => model.go({ tab: 'delivery', sessions: null })}
        >
          {trans.__('sessions')}
        </button>
      </header>
      <Problem text={problem} />
      {result && (
        <p>
          <button
            type="button"
            className="jp-cv-Link"
            onClick={() =>
              model.go({
                tab: 'delivery',
                sessions: isMissing ? 'missing' : null
              })
            }
          >
            {result.line}
          </button>
        </p>
      )}
    </section>
  );
}
