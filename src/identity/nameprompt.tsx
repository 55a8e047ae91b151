import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from '../dialogs/field';
import type { INames } from './name';
import {
  checkName,
  inEnglishLetters,
  makeStudent,
  MAX_NAME_LENGTH
} from './name';
import { NOTICE_ID } from './notice';
import type { IOfferedOptions } from './offeredform';
import { askBy, OfferedForm } from './offeredform';
import { rowOf } from './rostername';

/** What the dialog shows besides the fields. */
export interface INamePromptOptions extends IOfferedOptions {
  /** The names to begin with. */
  readonly known: INames | null;
}

/**
 * Ask for first and last name, or for the name in a roster.
 *
 * @returns null when the student would rather not, or leaves it at what is recorded
 */
export async function promptForName(
  options: INamePromptOptions
): Promise<INames | null> {
  const form = await askBy(NameForm, options);
  return form && form.names;
}

/** The notice and the two fields, or a roster's. */
class NameForm extends OfferedForm<INamePromptOptions> {
  constructor(options: INamePromptOptions) {
    super(options, rowOf(options.known?.listed));
    const { first = '', last = '' } = options.known ?? {};
    this._names = { first, last };
  }

  get names(): INames {
    const { chosen } = this;
    return chosen
      ? {
          first: '',
          last: '',
          listed: { id: chosen.id, name: chosen.name }
        }
      : this._names;
  }

  protected checkOwn(): boolean {
    const wrong = (['first', 'last'] as const).find(
      part => checkName(this._names[part]) !== null
    );
    if (wrong) {
      this.showProblems(wrong);
    }
    return !wrong;
  }

  protected override get typedSoFar(): string {
    const { first, last } = this._names;
    return `${first} ${last}`.trim();
  }

  protected renderOwn(): React.JSX.Element {
    return (
      <NameFields
        trans={this.options.trans}
        known={this._names}
        isSubmitted={this.isSubmitted}
        onChange={names => {
          this._names = names;
        }}
      />
    );
  }

  private _names: INames;
}

const PREVIEW_ID = 'jp-ipynb-telemetry-preview';

function NameFields(props: {
  readonly trans: TranslationBundle;
  /** What to begin with. */
  readonly known: INames;
  readonly isSubmitted: boolean;
  readonly onChange: (names: INames) => void;
}): React.JSX.Element {
  const { trans, onChange } = props;
  const [names, setNames] = React.useState<INames>(props.known);
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
