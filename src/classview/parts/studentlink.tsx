import * as React from 'react';
import { useModel } from './usemodel';

/** A student's name, which opens what the student did, at an exercise where that is named. */
export function StudentLink(props: {
  readonly student: string;
  readonly notebook?: string | null;
  readonly exercise?: string | null;
}): React.JSX.Element {
  const model = useModel();
  const { student, notebook = null, exercise = null } = props;
  return (
    <button
      type="button"
      className="jp-cv-Link"
      onClick={() =>
        model.go({
          student: model.names.addressOf(student),
          notebook,
          exercise: notebook === null ? null : exercise
        })
      }
    >
      {model.names.of(student)}
    </button>
  );
}
