import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from '../dialogs/field';
import type { IJoinCode } from './anyname';
import {
  checkAnyName,
  labelOf,
  MAX_ANY_NAME_LENGTH,
  ownName,
  readJoinCode,
  tidyName
} from './anyname';
import type { INames } from './name';
import { NOTICE_ID } from './notice';
import type { IOfferedOptions } from './offeredform';
import { askBy, OfferedForm } from './offeredform';
import type { IOwnName } from './ownname';
import { makePersonCode, spellPersonCode } from './personcode';
import type { IRosterName } from './rostername';
import { rowOf } from './rostername';

/** What the dialog shows besides the fields. */
export interface IAnyNamePromptOptions extends IOfferedOptions {
  /** The name to begin with. */
  readonly known: string;
  /** Who worked here last under a name of their own, or null. */
  readonly own: IOwnName | null;
  /** Who worked here last by the roster, or null. */
  readonly listed: IRosterName | null;
}

/** Who is at work, and the code that makes another device theirs. */
export interface IGivenName {
  readonly names: INames;
  /** Null: it stays as it is. */
  readonly code: string | null;
}

/**
 * Ask for a name in whatever letters.
 *
 * @returns null when the student would rather not, or leaves it at what is recorded
 */
export async function promptForAnyName(
  options: IAnyNamePromptOptions
): Promise<IGivenName | null> {
  const form = await askBy(AnyNameForm, options);
  return form && form.given;
}

/** What stands in the fields. */
interface IWritten {
  readonly name: string;
  /** Null: there is no code yet. */
  readonly code: string | null;
}

class AnyNameForm extends OfferedForm<IAnyNamePromptOptions> {
  constructor(options: IAnyNamePromptOptions) {
    super(options, rowOf(options.listed ?? undefined));
    this._written = { name: options.known, code: null };
  }

  get given(): IGivenName {
    const { chosen } = this;
    const { own: before } = this.options;
    const named = { first: '', last: '' };
    if (chosen) {
      const listed = { id: chosen.id, name: chosen.name };
      return { names: { ...named, listed }, code: null };
    }
    if (before && isSame(this._written, before)) {
      return { names: { ...named, own: before }, code: null };
    }
    const { code, label } = joinOf(this._written) ?? this._made;
    const { name } = this._written;
    const own = ownName(name, code, label ?? labelOf(name));
    return { names: { ...named, own }, code };
  }

  protected checkOwn(): boolean {
    const wrong = checkAnyName(this._written.name)
      ? 'name'
      : this._written.code !== null && !joinOf(this._written)
        ? 'code'
        : null;
    if (wrong) {
      this.showProblems(wrong);
    }
    return !wrong;
  }

  protected override get typedSoFar(): string {
    return this._written.name;
  }

  protected renderOwn(): React.JSX.Element {
    return (
      <AnyNameFields
        {...this.options}
        known={this._written}
        made={this._made.code}
        isSubmitted={this.isSubmitted}
        onChange={written => {
          this._written = written;
        }}
      />
    );
  }

  private _written: IWritten;
  /** Of somebody who has none yet: it is shown before it is used. */
  private readonly _made: IJoinCode = { code: makePersonCode(), label: null };
}

/** Whether the fields say who worked here before. */
function isSame({ name, code }: IWritten, own: IOwnName | null): boolean {
  return code === null && tidyName(name) === own?.name;
}

function joinOf({ code }: IWritten): IJoinCode | null {
  return code === null ? null : readJoinCode(code);
}

const PREVIEW_ID = 'jp-ipynb-telemetry-preview';

function AnyNameFields(props: {
  readonly trans: TranslationBundle;
  /** What to begin with. */
  readonly known: IWritten;
  readonly own: IOwnName | null;
  /** The code of somebody who has none yet. */
  readonly made: string;
  readonly isSubmitted: boolean;
  readonly onChange: (written: IWritten) => void;
}): React.JSX.Element {
  const { trans, own, made } = props;
  const [written, setWritten] = React.useState<IWritten>(props.known);
  const change = (part: Partial<IWritten>): void => {
    const next = { ...written, ...part };
    setWritten(next);
    props.onChange(next);
  };
  const { name, code } = written;
  const isNew =
    checkAnyName(name) === null && code === null && !isSame(written, own);
  return (
    <>
      {/* The focus starts here: what is consented to must be heard here, and once. */}
      <Field
        name="name"
        label={trans.__('Your name')}
        value={name}
        problem={problemWords(trans, name)}
        isSubmitted={props.isSubmitted}
        autoComplete="name"
        maxLength={MAX_ANY_NAME_LENGTH}
        describedBy={NOTICE_ID}
        onChange={value => change({ name: value })}
      />
      <label className="jp-ipynb-telemetry-HasCode">
        <input
          type="checkbox"
          checked={code !== null}
          onChange={() => change({ code: code === null ? '' : null })}
        />
        {trans.__('I have a code')}
      </label>
      {code !== null && (
        <Field
          name="code"
          label={trans.__('Code from your other device')}
          value={code}
          problem={
            readJoinCode(code)
              ? ''
              : trans.__('A code ends in 16 letters and digits')
          }
          isSubmitted={props.isSubmitted}
          describedBy={PREVIEW_ID}
          onChange={value => change({ code: value })}
        />
      )}
      <p id={PREVIEW_ID} className="jp-ipynb-telemetry-Form-preview" dir="auto">
        {isNew && (
          <>
            {trans.__(
              'Write down your code: with it another device is yours, too. The code is shown once.'
            )}
            <br />
            <code dir="ltr">{`${labelOf(name)}-${spellPersonCode(made)}`}</code>
          </>
        )}
      </p>
    </>
  );
}

/** Why a name will not do, or nothing. */
function problemWords(trans: TranslationBundle, name: string): string {
  switch (checkAnyName(name)) {
    case 'missing':
      return trans.__('A name is required');
    case 'letters':
      return trans.__('Letters, spaces, hyphens and apostrophes only');
    case 'long':
      return trans.__('At most %1 characters', String(MAX_ANY_NAME_LENGTH));
    default:
      return '';
  }
}
