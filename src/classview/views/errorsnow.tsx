import * as React from 'react';
import { NOTHING_OPEN } from '../model/address';
import { Problem } from '../parts/problem';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** How many causes there is room for beside the rest. */
const SHOWN = 4;

/** The errors that most are stuck at. */
export function ErrorsNow(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { result, problem } = useAnswer('errors');
  return (
    <section className="jp-cv-Card" aria-labelledby="jp-cv-errors">
      <header>
        <h2 id="jp-cv-errors">{trans.__('Errors now')}</h2>
        <button
          type="button"
          className="jp-cv-Link"
          onClick={() => model.go({ tab: 'errors' })}
        >
          {trans.__('all %1', result?.rows.length ?? '')}
        </button>
      </header>
      <Problem text={problem} />
      {result?.rows.length === 0 && <p>{trans.__('No error so far.')}</p>}
      <ul className="jp-cv-Causes">
        {result?.rows.slice(0, SHOWN).map(row => (
          <li key={row.fold}>
            <button
              type="button"
              className="jp-cv-Link"
              onClick={() => model.go({ ...NOTHING_OPEN, fold: row.fold })}
            >
              <strong>{row.type}</strong> {row.message}
              <span className="jp-cv-quiet">
                {row.stuck.length > 0 && (
                  <strong>
                    {trans.__('%1 still stuck', row.stuck.length)}
                  </strong>
                )}
                {row.stuck.length > 0 && ', '}
                {trans._n('%1 student', '%1 students', row.students.length)}
                {', '}
                {trans._n('%1 time', '%1 times', row.events)}
                {row.exercises.length > 0 && ` · ${row.exercises[0].title}`}
                {row.exercises.length > 1 && ' …'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
