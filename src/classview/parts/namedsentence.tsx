import * as React from 'react';
import { StudentLink } from './studentlink';

/** Stands in a translated sentence for the names of students. */
export const NAMES = '\u0000';

/** A sentence about students, in which each name opens the student. */
export function NamedSentence(props: {
  /** With `NAMES` where the names stand. */
  readonly text: string;
  readonly students: ReadonlyArray<string>;
}): React.JSX.Element {
  const [before, after = ''] = props.text.split(NAMES);
  return (
    <>
      {before}
      {props.students.map((student, index) => (
        <React.Fragment key={student}>
          {index > 0 && ', '}
          <StudentLink student={student} />
        </React.Fragment>
      ))}
      {after}
    </>
  );
}
