import * as React from 'react';
import { OutlineButton } from '../parts/outlinebutton';
import { useHost, useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Says that the exercises are guessed, where they are, and offers the outline that would tell them. */
export function NoOutline(): React.JSX.Element | null {
  const trans = useTrans();
  const model = useModel();
  const host = useHost();
  const [problem, setProblem] = React.useState('');
  const { overview, address } = model;
  const guessed = (overview?.notebooks ?? []).filter(
    ({ notebook, outline }) =>
      outline !== 'saved' &&
      (address.notebooks.length === 0 || address.notebooks.includes(notebook))
  );
  if (guessed.length === 0) {
    return null;
  }
  const current = host.currentNotebook?.() ?? null;
  const isCurrent = guessed.some(
    ({ notebook }) => notebook === current?.notebook
  );
  const save = async (): Promise<void> => {
    if (current) {
      await model.client.saveOutline(current.notebook, current.cells);
      model.forget();
    }
  };
  return (
    <div className="jp-cv-Hint">
      <p>
        {trans.__(
          'The exercises of %1 are guessed from the tests.',
          guessed.map(({ notebook }) => notebook).join(', ')
        )}{' '}
        {isCurrent
          ? ''
          : host.currentNotebook
            ? trans.__(
                'Open the notebook in JupyterLab and come back to use it as the outline, or run “jupyter telemetry outline”.'
              )
            : trans.__('Give the file of the notebook to tell them.')}
      </p>
      {!host.currentNotebook && <OutlineButton />}
      {isCurrent && (
        <button
          type="button"
          className="jp-cv-Button"
          onClick={() => {
            save().catch((reason: Error) => setProblem(reason.message));
          }}
        >
          {trans.__('Use “%1” as the Class’s Outline', current?.notebook)}
        </button>
      )}
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}
