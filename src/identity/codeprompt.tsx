import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { FormDialog } from '../dialogs/formdialog';
import type { IChoice } from './choice';
import { CodeChoice } from './codechoice';
import type { INames } from './name';
import { Notice } from './notice';
import type { IConsentWords, INoticeFacts } from './noticefacts';
import { OfferedForm } from './offeredform';
import type { IRoster, IRosterRow } from './roster';
import type { IPseudonym } from './rostername';
import { rowOf } from './rostername';
import { readStudentCode } from './studentcode';

/** What the dialog shows besides the field. */
export interface ICodePromptOptions {
  readonly trans: TranslationBundle;
  /** What is collected, in the instructor's words. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
  /** What is recorded and what else the notice says. */
  readonly facts: INoticeFacts;
  /** How a student is asked who is not recorded yet. */
  readonly words: IConsentWords;
  /** Who worked here last, or null. */
  readonly known: IPseudonym | null;
  /** Whether the work of that student is recorded already. */
  readonly isRecorded: boolean;
  /** The roster that is offered; null: there is none, or nobody knows. */
  readonly roster: Promise<IRoster | null>;
  /** Tells that the question is answered elsewhere. */
  readonly signal: AbortSignal;
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
  const { trans, words, isRecorded, signal } = options;
  const body = new CodeForm(options);
  const dialog = new FormDialog<INames>(
    {
      title: isRecorded ? trans.__('Who is working?') : words.title,
      body,
      focus: 'input',
      refuse: isRecorded ? trans.__('Cancel') : words.refuse,
      accept: isRecorded ? trans.__('Start recording') : words.accept,
      isEven: !isRecorded && options.facts.mode === 'opt-in'
    },
    signal
  );
  const { button } = await dialog.launch();
  return button.accept
    ? { first: '', last: '', pseudonym: body.pseudonym }
    : null;
}

class CodeForm extends OfferedForm {
  constructor(private readonly _asked: ICodePromptOptions) {
    super({ ..._asked, chosen: knownRow(_asked.known) }, true);
    this._code = {
      typed: _asked.known?.code ?? '',
      row: knownRow(_asked.known)
    };
    this.prefersOwn = _asked.known !== null && _asked.known.name === null;
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
    return this._asked.trans.__('I have a code');
  }

  protected renderNotice(): React.JSX.Element {
    const { trans, notice, destination, facts, words, known, isRecorded } =
      this._asked;
    return (
      <Notice
        trans={trans}
        text={`${notice} ${destination}`}
        facts={facts}
        paragraphs={
          isRecorded
            ? [
                trans.__(
                  'At the moment the work of %1 is recorded. Cancel leaves it so.',
                  `\u2068${known?.name ?? known?.code}\u2069`
                )
              ]
            : words.choice
        }
      />
    );
  }

  protected renderOwn(): React.JSX.Element {
    return (
      <CodeChoice
        trans={this._asked.trans}
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
