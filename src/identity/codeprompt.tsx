import * as React from 'react';
import type { IChoice } from './choice';
import { CodeChoice } from './codechoice';
import type { INames } from './name';
import type { IOfferedOptions } from './offeredform';
import { askBy, OfferedForm } from './offeredform';
import type { IRoster, IRosterRow } from './roster';
import type { IPseudonym } from './rostername';
import { rowOf } from './rostername';
import { readStudentCode } from './studentcode';

/** What the dialog shows besides the field. */
export interface ICodePromptOptions extends IOfferedOptions {
  /** Who worked here last, or null. */
  readonly known: IPseudonym | null;
}

/**
 * Ask for the code that stands for a student, or for the name that a roster has a
 * code for.
 *
 * @returns null when the student would rather not, or leaves it at what is recorded
 */
export async function promptForCode(
  options: ICodePromptOptions
): Promise<INames | null> {
  const form = await askBy(CodeForm, options);
  return form && { first: '', last: '', pseudonym: form.pseudonym };
}

class CodeForm extends OfferedForm<ICodePromptOptions> {
  constructor(options: ICodePromptOptions) {
    super(options, knownRow(options.known), true);
    this._code = {
      typed: options.known?.code ?? '',
      row: knownRow(options.known)
    };
    this.prefersOwn = options.known !== null && options.known.name === null;
  }

  get pseudonym(): IPseudonym {
    const { typed, row } = this._code;
    const chosen = this.chosen ?? row;
    const read = readStudentCode(chosen?.id ?? typed);
    return {
      code: 'code' in read ? read.code : '',
      name: chosen?.name ?? null
    };
  }

  protected checkOwn(): boolean {
    const { typed, row } = this._code;
    // Where a collector has a roster, the student has seen whose the code is.
    const isRight = this.roster
      ? row !== null
      : 'code' in readStudentCode(typed);
    if (!isRight) {
      this.showProblems('roster');
    }
    return isRight;
  }

  /** Codes are what this form asks for by itself. */
  protected override hasField(roster: IRoster): boolean {
    return roster.offer === 'names';
  }

  protected override wordsForOwn(): string {
    return this.options.trans.__('I have a code');
  }

  protected renderOwn(): React.JSX.Element {
    return (
      <CodeChoice
        trans={this.options.trans}
        roster={this.roster}
        choice={this._code}
        isSubmitted={this.isSubmitted}
        isPseudonym
        keys={this.keys}
        onChange={code => {
          this._code = code;
        }}
        onFailed={() => this.dropRoster()}
      />
    );
  }

  private _code: IChoice;
}

/** There is no row where only the code is known. */
function knownRow(known: IPseudonym | null): IRosterRow | null {
  return known?.name ? rowOf({ id: known.code, name: known.name }) : null;
}
