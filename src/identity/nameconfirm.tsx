import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ConsentBody, ConsentDialog, NOTICE_ID } from './consentdialog';

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
  readonly name: string;
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
  const { trans } = options;
  const dialog = new ConsentDialog(
    {
      title: trans.__('Your work is recorded'),
      body: new Notice(options),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Start') })
      ]
    },
    options.signal
  );
  // The focus starts on a button, of which nobody would hear why it is there.
  dialog.node.setAttribute('aria-describedby', NOTICE_ID);
  const { button } = await dialog.launch();
  return button.accept;
}

class Notice extends ConsentBody {
  constructor(private readonly _options: INameConfirmOptions) {
    super();
    this.addClass('jp-ipynb-telemetry-NameForm');
  }

  protected render(): React.JSX.Element {
    const { trans, notice, destination, username, name } = this._options;
    return (
      <div id={NOTICE_ID} className="jp-ipynb-telemetry-NameForm-notice">
        <p>
          {notice} {destination}
        </p>
        <p>
          {trans.__(
            'You are signed in as %1 and appear as %2. Whoever is somebody else signs in as themselves.',
            username,
            name
          )}
        </p>
      </div>
    );
  }
}
