import * as React from 'react';
import type { Peeks } from '../answers/peeks';
import { durationText } from '../parts/format';
import { Problem } from '../parts/problem';
import { StudentLink } from '../parts/studentlink';
import { useAnswer } from '../parts/usemodel';
import { useTrans } from '../trans';

type Look = Peeks['peeks'][number];

const ORDER: ReadonlyArray<Look['when']> = [
  'before',
  'after_failure',
  'after_run',
  'after_pass'
];

/** Who opened the solution of an exercise, by what had been tried at the first look. */
export function SolutionLooks(props: {
  readonly notebook: string;
  readonly exercise: string;
  /** Those alone who had tried so much at the first look; null: all. */
  readonly only: Look['when'] | null;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { notebook, exercise, only } = props;
  const { result, problem } = useAnswer('peeks');
  const first = new Map<string, Look>();
  for (const look of result?.peeks ?? []) {
    if (look.notebook === notebook && look.exercise === exercise) {
      const known = first.get(look.student);
      if (!known || look.at_ms < known.at_ms) {
        first.set(look.student, look);
      }
    }
  }
  if (first.size === 0) {
    return problem ? <Problem text={problem} /> : null;
  }
  const titles: Readonly<Record<Look['when'], string>> = {
    before: trans.__('Opened the solution before any run'),
    after_failure: trans.__('Opened the solution after failures'),
    after_run: trans.__('Opened the solution after runs without failure'),
    after_pass: trans.__('Opened the solution after passing')
  };
  return (
    <>
      {ORDER.map(when => {
        const looks = [...first.values()].filter(look => look.when === when);
        return looks.length === 0 || (only !== null && only !== when) ? null : (
          <section key={when}>
            <h3>{`${titles[when]}: ${looks.length}`}</h3>
            <ul className="jp-cv-Names">
              {looks.map(({ student, open_ms, is_glance }) => (
                <li key={student}>
                  <StudentLink
                    student={student}
                    notebook={notebook}
                    exercise={exercise}
                  />{' '}
                  <span className="jp-cv-quiet">
                    {is_glance
                      ? trans.__('a glance')
                      : open_ms !== null && durationText(open_ms, trans)}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
