import * as React from 'react';
import { readOutlineFile } from '../model/outlinefile';
import { useTrans } from '../trans';
import { useModel } from './usemodel';

/** Gives the class an outline, from the file of its notebook: a page has no notebooks open. */
export function OutlineButton(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const input = React.useRef<HTMLInputElement>(null);
  const [said, setSaid] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const save = async (file: File): Promise<void> => {
    setSaid('');
    setProblem('');
    try {
      const found = readOutlineFile(file.name, await file.text());
      if (!found) {
        setProblem(trans.__('“%1” is no notebook', file.name));
        return;
      }
      const { notebook, cells } = found;
      const count = await model.client.saveOutline(notebook, cells);
      setSaid(
        trans._n(
          'The class view knows %1 exercise of “%2” now.',
          'The class view knows %1 exercises of “%2” now.',
          count,
          count,
          notebook
        )
      );
      model.forget();
    } catch (reason) {
      setProblem((reason as Error).message);
    }
  };
  return (
    <span className="jp-cv-Roster">
      <input
        type="file"
        accept=".ipynb"
        hidden
        ref={input}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) {
            void save(file);
          }
          // The same file again, once it is mended, is another choice.
          target.value = '';
        }}
      />
      <button
        type="button"
        className="jp-cv-Button"
        title={trans.__(
          'Say what the exercises are: the file of the notebook that students have'
        )}
        onClick={() => input.current?.click()}
      >
        {trans.__('Outline…')}
      </button>
      <span role="status">{said}</span>
      {problem && <span role="alert">{problem}</span>}
    </span>
  );
}
