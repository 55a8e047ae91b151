import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { troubleWords } from './placewords';
import type { IRights } from './rights';

/** The student's code, which joins devices: shown when asked for, and entered. */
export function MyCode(props: {
  readonly rights: IRights;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { rights, trans } = props;
  const [text, setText] = React.useState('');
  const [words, setWords] = React.useState('');
  const id = React.useId();
  const join = (): void => {
    setWords('');
    rights.join(text).then(
      problem => {
        setWords(
          problem === null
            ? trans.__('Done. Both devices are yours now.')
            : problem === 'no code'
              ? trans.__('A code has 16 letters and digits.')
              : troubleWords(problem, trans)
        );
      },
      reason => setWords(trans.__('That did not work: %1', String(reason)))
    );
  };
  return (
    <details>
      <summary>{trans.__('I work on another device, too')}</summary>
      <p>
        {trans.__(
          'Your code proves which records are yours. Write it down, and keep it to yourself: whoever has it can see and erase your records.'
        )}
      </p>
      <p>
        <code>{rights.code}</code>
      </p>
      <div className="jp-ipynb-telemetry-Rights-search">
        <label htmlFor={id}>{trans.__('Code of the other device')}</label>
        <input
          id={id}
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={join}
        >
          {trans.__('Join')}
        </button>
      </div>
      <p role="status">{words}</p>
    </details>
  );
}
