import * as React from 'react';
import { FormBody } from '../dialogs/formdialog';
import type { IConsentDialogOptions } from './consentdialog';
import { askConsent } from './consentdialog';
import { Notice, NOTICE_ID } from './notice';

/** What the dialog shows. */
export interface INameConfirmOptions extends IConsentDialogOptions {
  /** The user name that the student signed in with. */
  readonly username: string;
  /** The name that goes with the events. */
  readonly student: string;
  /** Whether this student's work is recorded already. */
  readonly isRecorded: boolean;
}

/**
 * Tell a student whose name is known what is recorded, and ask for no more
 * than a yes.
 *
 * @returns whether they said it
 */
export function confirmName(options: INameConfirmOptions): Promise<boolean> {
  const { trans, isRecorded } = options;
  return askConsent(options, {
    body: new Confirmation(options),
    // Enter on the text is no consent: the text is to be read first.
    focus: `#${NOTICE_ID}`,
    recorded: isRecorded
      ? { title: trans.__('Your work is recorded'), accept: trans.__('Go on') }
      : null
  });
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
