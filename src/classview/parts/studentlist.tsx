import * as React from 'react';
import type { IAddress } from '../model/address';
import { StudentLink } from './studentlink';

/** Students whom a figure is made of: how many, and each by name, which opens what was done. */
export function StudentList(props: {
  readonly title: string;
  readonly students: ReadonlyArray<string>;
  /** What is said of a student beside the name. */
  readonly noteOf?: (student: string) => string;
  readonly there?: Partial<IAddress>;
}): React.JSX.Element {
  const { title, students, noteOf, there } = props;
  return (
    <section>
      <h3>{`${title}: ${students.length}`}</h3>
      <ul className={noteOf ? 'jp-cv-Noted' : 'jp-cv-Names'}>
        {students.map(student => (
          <li key={student}>
            <StudentLink student={student} there={there} />
            {noteOf && <span className="jp-cv-quiet">{noteOf(student)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
