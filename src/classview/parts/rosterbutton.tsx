import * as React from 'react';
import { useTrans } from '../trans';
import { FileButton } from './filebutton';
import { useModel } from './usemodel';

/** Gives the class a roster, from a file. */
export function RosterButton(): React.JSX.Element {
  const trans = useTrans();
  const { client } = useModel();
  const save = async (file: File): Promise<string> => {
    const count = await client.saveRoster(file);
    return trans._n(
      'The roster has %1 member now.',
      'The roster has %1 members now.',
      count
    );
  };
  return (
    <FileButton
      label={trans.__('Roster…')}
      title={trans.__(
        'Say who is expected: a CSV file with the columns id, name, group and staff, of which id is needed'
      )}
      accept=".csv,.tsv,.txt,text/csv"
      save={save}
    />
  );
}
