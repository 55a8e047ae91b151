import * as React from 'react';
import { Code, Printed } from '../parts/code';
import { momentText } from '../parts/format';
import { Problem } from '../parts/problem';
import { StudentLink } from '../parts/studentlink';
import { useAnswer, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** A cause of errors: who is stuck at it, who met it, and a real sample. */
export function CauseView(props: {
  readonly fold: string;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { address } = useModel();
  const { result, problem } = useAnswer('errors');
  const row = result?.rows.find(({ fold }) => fold === props.fold);
  if (!row) {
    return (
      <Problem
        text={
          problem ||
          (result ? trans.__('Nobody met this error in this time.') : '')
        }
      />
    );
  }
  const past = row.students.filter(student => !row.stuck.includes(student));
  const first = row.exercises.length === 1 ? row.exercises[0] : undefined;
  const list = (students: ReadonlyArray<string>): React.ReactNode => (
    <ul className="jp-cv-Names">
      {students.map(student => (
        <li key={student}>
          <StudentLink
            student={student}
            notebook={first?.notebook}
            exercise={first?.exercise}
          />
        </li>
      ))}
    </ul>
  );
  const { sample } = row;
  return (
    <>
      <h2>{row.type}</h2>
      <p className="jp-cv-Message">{row.message}</p>
      <p className="jp-cv-quiet">
        {row.exercises.map(({ title }) => title).join(', ')}
        {row.frame && ` · ${row.frame}`}
        {row.names.length > 0 && ` · ${row.names.join(', ')}`}
      </p>
      {row.stuck.length > 0 && (
        <section>
          <h3>{trans.__('%1 still stuck', row.stuck.length)}</h3>
          {list(row.stuck)}
        </section>
      )}
      {past.length > 0 && (
        <section>
          <h3>{trans.__('%1 went on', past.length)}</h3>
          {list(past)}
        </section>
      )}
      {sample && !address.areNamesHidden && (
        <section>
          <h3>{trans.__('A sample')}</h3>
          <p className="jp-cv-Actions">
            <StudentLink
              student={sample.student}
              notebook={first?.notebook}
              exercise={first?.exercise}
            />
            <span className="jp-cv-quiet">{momentText(sample.at_ms)}</span>
          </p>
          {sample.code && <Code code={sample.code} />}
          <Printed
            label={trans.__('Traceback')}
            text={sample.traceback || sample.value || ''}
          />
        </section>
      )}
    </>
  );
}
