import * as React from 'react';
import type { IAddress } from '../model/address';
import { useModel } from './usemodel';

/** A student's name, which opens what the student did, at an exercise where that is named. */
export function StudentLink(props: {
  readonly student: string;
  readonly notebook?: string | null;
  readonly exercise?: string | null;
  /** What else of the student is opened, such as the runs alone. */
  readonly there?: Partial<IAddress>;
}): React.JSX.Element {
  const model = useModel();
  const { student, notebook = null, exercise = null, there } = props;
  return (
    <button
      type="button"
      className="jp-cv-Link"
      onClick={() =>
        model.go({
          student: model.names.addressOf(student),
          notebook,
          exercise: notebook === null ? null : exercise,
          ...there
        })
      }
    >
      {model.names.of(student)}
    </button>
  );
}
