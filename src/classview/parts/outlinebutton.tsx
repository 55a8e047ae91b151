import * as React from 'react';
import { readOutlineFile } from '../model/outlinefile';
import { useTrans } from '../trans';
import { FileButton } from './filebutton';
import { useModel } from './usemodel';

/** Gives the class an outline, from the file of its notebook: a page has no notebooks open. */
export function OutlineButton(): React.JSX.Element {
  const trans = useTrans();
  const { client } = useModel();
  const save = async (file: File): Promise<string> => {
    const found = readOutlineFile(file.name, await file.text());
    if (!found) {
      throw new Error(trans.__('“%1” is no notebook', file.name));
    }
    const { notebook, cells } = found;
    const count = await client.saveOutline(notebook, cells);
    return trans._n(
      'The class view knows %1 exercise of “%2” now.',
      'The class view knows %1 exercises of “%2” now.',
      count,
      notebook
    );
  };
  return (
    <FileButton
      label={trans.__('Outline…')}
      title={trans.__(
        'Say what the exercises are: the file of the notebook that students have'
      )}
      accept=".ipynb"
      save={save}
    />
  );
}
