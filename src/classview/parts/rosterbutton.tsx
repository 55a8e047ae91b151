import * as React from 'react';
import { useTrans } from '../trans';
import { useModel } from './usemodel';

/** Gives the class a roster, from a file. */
export function RosterButton(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const input = React.useRef<HTMLInputElement>(null);
  const [said, setSaid] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const save = async (file: File): Promise<void> => {
    setSaid('');
    setProblem('');
    try {
      const count = await model.client.saveRoster(file);
      setSaid(
        trans._n(
          'The roster has %1 member now.',
          'The roster has %1 members now.',
          count,
          count
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
        accept=".csv,.tsv,.txt,text/csv"
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
          'Say who is expected: a CSV file with the columns id, name, group and staff, of which id is needed'
        )}
        onClick={() => input.current?.click()}
      >
        {trans.__('Roster…')}
      </button>
      <span role="status">{said}</span>
      {problem && <span role="alert">{problem}</span>}
    </span>
  );
}
