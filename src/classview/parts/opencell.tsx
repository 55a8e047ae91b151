import * as React from 'react';
import { useTrans } from '../trans';
import { useAnswer, useHost } from './usemodel';

/** Opens an exercise's first cell in its notebook, where that notebook can be found. */
export function OpenCell(props: {
  readonly notebook: string;
  readonly exercise: string;
}): React.JSX.Element | null {
  const trans = useTrans();
  const { canOpen, openCell } = useHost();
  const { notebook, exercise } = props;
  const { result } = useAnswer('progress');
  const [isFound, setFound] = React.useState(false);
  React.useEffect(() => {
    let isCurrent = true;
    setFound(false);
    void canOpen?.(notebook).then(can => isCurrent && setFound(can));
    return () => {
      isCurrent = false;
    };
  }, [canOpen, notebook]);
  const known = result?.exercises.find(
    ref => ref.notebook === notebook && ref.exercise === exercise
  );
  return isFound && openCell ? (
    <button
      type="button"
      className="jp-cv-Button"
      onClick={() => openCell(notebook, known?.cell_id ?? null)}
    >
      {trans.__('Open in the notebook')}
    </button>
  ) : null;
}
