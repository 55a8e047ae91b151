import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { FormBody, FormDialog } from '../dialogs/formdialog';
import { Notice, NOTICE_ID } from './notice';
import type { IConsentWords, INoticeFacts } from './noticefacts';

/** What the dialog shows. */
export interface INameConfirmOptions {
  readonly trans: TranslationBundle;
  /** What is collected, in the instructor's words. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
  /** What is recorded and what else the notice says. */
  readonly facts: INoticeFacts;
  /** How a student is asked who is not recorded yet. */
  readonly words: IConsentWords;
  /** The user name that the student signed in with. */
  readonly username: string;
  /** The name that goes with the events. */
  readonly student: string;
  /** Whether this student's work is recorded already. */
  readonly isRecorded: boolean;
  /** Tells that the question is answered elsewhere. */
  readonly signal: AbortSignal;
}

/**
 * Tell a student whose name is known what is recorded, and ask for no more
 * than a yes.
 *
 * @returns whether they said it
 */
export async function confirmName(
  options: INameConfirmOptions
): Promise<boolean> {
  const { trans, words, isRecorded, signal } = options;
  const dialog = new FormDialog(
    {
      title: isRecorded ? trans.__('Your work is recorded') : words.title,
      body: new Confirmation(options),
      // Enter on the text is no consent: the text is to be read first.
      focus: `#${NOTICE_ID}`,
      refuse: isRecorded ? trans.__('Cancel') : words.refuse,
      accept: isRecorded ? trans.__('Go on') : words.accept,
      isEven: !isRecorded && options.facts.mode === 'opt-in'
    },
    signal
  );
  const { button } = await dialog.launch();
  return button.accept;
}

class Confirmation extends FormBody {
  constructor(private readonly _options: INameConfirmOptions) {
    super();
    this.addClass('jp-ipynb-telemetry-Form');
  }

  override readonly acceptsEnter = false;

  protected render(): React.JSX.Element {
    const {
      trans,
      notice,
      destination,
      facts,
      words,
      username,
      student,
      isRecorded
    } = this._options;
    return (
      <Notice
        isFocused
        trans={trans}
        text={`${notice} ${destination}`}
        facts={facts}
        paragraphs={[
          username === student
            ? trans.__(
                'You are signed in as %1, and appear by that name. Not you? Sign out, and sign in with your own account.',
                username
              )
            : trans.__(
                'You are signed in as %1 and appear as %2. Not you? Sign out, and sign in with your own account.',
                username,
                student
              ),
          ...(isRecorded ? [] : words.choice)
        ]}
      />
    );
  }
}
