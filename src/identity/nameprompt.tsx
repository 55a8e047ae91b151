import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ConsentBody, ConsentDialog, NOTICE_ID } from './consentdialog';
import type { INames, NameProblem } from './name';
import { checkName, MAX_NAME_LENGTH } from './name';

/** What the dialog shows besides the fields. */
export interface INamePromptOptions {
  readonly trans: TranslationBundle;
  /** What is collected, in the instructor's words. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
  /** The names to begin with. */
  readonly known: INames | null;
  /** Tells that the question is answered elsewhere. */
  readonly signal: AbortSignal;
}

/**
 * Ask for first and last name.
 *
 * @returns null when the student cancels
 */
export async function promptForName(
  options: INamePromptOptions
): Promise<INames | null> {
  const { trans } = options;
  const body = new NameForm(options);
  const dialog = new ConsentDialog<INames>(
    {
      title: trans.__('Who is working?'),
      body,
      focusNodeSelector: 'input',
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Start') })
      ]
    },
    options.signal
  );
  const { button, value } = await dialog.launch();
  return button.accept ? value : null;
}

/**
 * The two fields. An input that will not do is `:invalid` in the browser's own
 * terms, which is what JupyterLab's Dialog disables its button and Enter by.
 */
class NameForm extends ConsentBody implements Dialog.IBodyWidget<INames> {
  constructor(private readonly _options: INamePromptOptions) {
    super();
    this.addClass('jp-ipynb-telemetry-NameForm');
    this._names = _options.known ?? { first: '', last: '' };
  }

  getValue(): INames {
    return this._names;
  }

  protected render(): React.JSX.Element {
    return (
      <NameFields
        {...this._options}
        onChange={names => {
          this._names = names;
        }}
      />
    );
  }

  private _names: INames;
}

function NameFields(
  props: INamePromptOptions & { readonly onChange: (names: INames) => void }
): React.JSX.Element {
  const { trans, notice, destination, known, onChange } = props;
  const [names, setNames] = React.useState<INames>(
    known ?? { first: '', last: '' }
  );
  const [touched, setTouched] = React.useState(false);
  const change = (part: Partial<INames>): void => {
    const next = { ...names, ...part };
    setTouched(true);
    setNames(next);
    onChange(next);
  };
  return (
    <>
      <p id={NOTICE_ID} className="jp-ipynb-telemetry-NameForm-notice">
        {notice} {destination}
      </p>
      <NameField
        trans={trans}
        name="first"
        label={trans.__('First name')}
        value={names.first}
        silent={!touched}
        onChange={first => change({ first })}
      />
      <NameField
        trans={trans}
        name="last"
        label={trans.__('Last name')}
        value={names.last}
        silent={!touched}
        onChange={last => change({ last })}
      />
    </>
  );
}

function NameField(props: {
  readonly trans: TranslationBundle;
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Whether nothing was typed yet: no error is shown before. */
  readonly silent: boolean;
  readonly onChange: (value: string) => void;
}): React.JSX.Element {
  const { trans, name, label, value, silent, onChange } = props;
  const input = React.useRef<HTMLInputElement>(null);
  const problem = checkName(value);
  const words = problem ? problemWords(trans, problem) : '';
  const id = `jp-ipynb-telemetry-${name}`;
  React.useLayoutEffect(() => {
    input.current?.setCustomValidity(words);
    // The Dialog looks at validity on `input`, which came before this render.
    input.current?.dispatchEvent(new Event('input', { bubbles: true }));
  }, [words]);
  return (
    <div className="jp-ipynb-telemetry-NameField">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={input}
        name={name}
        className="jp-mod-styled"
        type="text"
        autoComplete="off"
        spellCheck={false}
        maxLength={MAX_NAME_LENGTH}
        value={value}
        required
        aria-invalid={!silent && problem !== null}
        // The focus starts here: what is consented to must be heard here.
        aria-describedby={`${id}-error ${NOTICE_ID}`}
        onChange={event => onChange(event.target.value)}
      />
      <span id={`${id}-error`} role="alert">
        {silent ? '' : words}
      </span>
    </div>
  );
}

function problemWords(trans: TranslationBundle, problem: NameProblem): string {
  switch (problem) {
    case 'missing':
      return trans.__('Both names are required');
    case 'letters':
      return trans.__('English letters only');
    case 'short':
      return trans.__('At least two letters');
    case 'long':
      return trans.__('At most %1 characters', String(MAX_NAME_LENGTH));
  }
}
