import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { FormBody, FormDialog } from '../dialogs/formdialog';
import { Notice, NOTICE_ID } from './notice';

/** What the dialog shows. */
export interface INameConfirmOptions {
  readonly trans: TranslationBundle;
  /** What is collected, in the instructor's words. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
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
  const { trans, isRecorded, signal } = options;
  const dialog = new FormDialog(
    {
      title: isRecorded
        ? trans.__('Your work is recorded')
        : trans.__('May we record your work?'),
      body: new Confirmation(options),
      // Enter on the text is no consent: the text is to be read first.
      focus: `#${NOTICE_ID}`,
      refuse: isRecorded
        ? trans.__('Cancel')
        : trans.__('Work without recording'),
      accept: isRecorded ? trans.__('Go on') : trans.__('Start recording')
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
    const { trans, notice, destination, username, student, isRecorded } =
      this._options;
    return (
      <Notice
        isFocused
        paragraphs={[
          `${notice} ${destination}`,
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
          ...(isRecorded
            ? []
            : [
                trans.__(
                  'You can also work without recording: the lesson stays the same.'
                )
              ])
        ]}
      />
    );
  }
}
