import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from '../dialogs/field';
import { FormBody, FormDialog } from '../dialogs/formdialog';
import type { INames } from './name';
import {
  checkName,
  inEnglishLetters,
  makeStudent,
  MAX_NAME_LENGTH
} from './name';
import { Notice, NOTICE_ID } from './notice';
import type { IConsentWords, INoticeFacts } from './noticefacts';

/** What the dialog shows besides the fields. */
export interface INamePromptOptions {
  readonly trans: TranslationBundle;
  /** What is collected, in the instructor's words. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
  /** What is recorded and what else the notice says. */
  readonly facts: INoticeFacts;
  /** How a student is asked who is not recorded yet. */
  readonly words: IConsentWords;
  /** The names to begin with. */
  readonly known: INames | null;
  /** Whose work is recorded already, as that student is shown, or null. */
  readonly recorded: string | null;
  /** Tells that the question is answered elsewhere. */
  readonly signal: AbortSignal;
}

/**
 * Ask for first and last name.
 *
 * @returns null when the student would rather not, or leaves it at what is recorded
 */
export async function promptForName(
  options: INamePromptOptions
): Promise<INames | null> {
  const { trans, words, recorded, signal } = options;
  const body = new NameForm(options);
  const dialog = new FormDialog<INames>(
    {
      title: recorded === null ? words.title : trans.__('Who is working?'),
      body,
      focus: 'input',
      refuse: recorded === null ? words.refuse : trans.__('Cancel'),
      accept: recorded === null ? words.accept : trans.__('Start recording'),
      isEven: recorded === null && options.facts.mode === 'opt-in'
    },
    signal
  );
  const { button } = await dialog.launch();
  return button.accept ? body.names : null;
}

/** The notice and the two fields. */
class NameForm extends FormBody {
  constructor(private readonly _options: INamePromptOptions) {
    super();
    this.addClass('jp-ipynb-telemetry-Form');
    this.names = _options.known ?? { first: '', last: '' };
  }

  names: INames;

  override check(): boolean {
    const wrong = (['first', 'last'] as const).find(
      part => checkName(this.names[part]) !== null
    );
    if (wrong) {
      this._isSubmitted = true;
      this.update();
      this.node
        .querySelector<HTMLInputElement>(`input[name="${wrong}"]`)
        ?.focus();
    }
    return !wrong;
  }

  protected render(): React.JSX.Element {
    return (
      <NameFields
        {...this._options}
        isSubmitted={this._isSubmitted}
        onChange={names => {
          this.names = names;
        }}
      />
    );
  }

  private _isSubmitted = false;
}

const PREVIEW_ID = 'jp-ipynb-telemetry-preview';

function NameFields(
  props: INamePromptOptions & {
    readonly isSubmitted: boolean;
    readonly onChange: (names: INames) => void;
  }
): React.JSX.Element {
  const { trans, notice, destination, known, recorded, onChange } = props;
  const { facts, words } = props;
  const [names, setNames] = React.useState<INames>(
    known ?? { first: '', last: '' }
  );
  const change = (part: Partial<INames>): void => {
    const next = { ...names, ...part };
    setNames(next);
    onChange(next);
  };
  const student = makeStudent(
    inEnglishLetters(names.first),
    inEnglishLetters(names.last)
  );
  const field = (
    part: 'first' | 'last',
    label: string,
    autoComplete: string,
    describedBy: string
  ): React.JSX.Element => (
    <Field
      name={part}
      label={label}
      value={names[part]}
      problem={problemWords(trans, names[part])}
      isSubmitted={props.isSubmitted}
      autoComplete={autoComplete}
      maxLength={MAX_NAME_LENGTH}
      describedBy={describedBy}
      onChange={value => change({ [part]: value })}
    />
  );
  return (
    <>
      <Notice
        trans={trans}
        text={`${notice} ${destination}`}
        facts={facts}
        paragraphs={
          recorded === null
            ? words.choice
            : [
                trans.__(
                  'At the moment the work of %1 is recorded. Cancel leaves it so.',
                  recorded
                )
              ]
        }
      />
      {/* The focus starts here: what is consented to must be heard here, and once. */}
      {field('first', trans.__('First name'), 'given-name', NOTICE_ID)}
      {field('last', trans.__('Last name'), 'family-name', PREVIEW_ID)}
      <p id={PREVIEW_ID} className="jp-ipynb-telemetry-Form-preview">
        {student && trans.__('You will appear as %1', student.id)}
      </p>
    </>
  );
}

/** Why a name will not do, and what will, or nothing. */
function problemWords(trans: TranslationBundle, name: string): string {
  switch (checkName(name)) {
    case 'missing':
      return trans.__('Both names are required');
    case 'letters': {
      const instead = inEnglishLetters(name).trim();
      return checkName(instead) === null
        ? trans.__(
            'English letters, spaces and hyphens only: write %1',
            instead
          )
        : trans.__('English letters, spaces and hyphens only');
    }
    case 'short':
      return trans.__('At least two letters');
    case 'long':
      return trans.__('At most %1 characters', String(MAX_NAME_LENGTH));
    default:
      return '';
  }
}
