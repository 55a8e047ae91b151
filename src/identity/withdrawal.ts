import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * Ask whether the consent is to be withdrawn.
 *
 * @param student - as the student is shown
 * @returns whether the student said so
 */
export async function confirmWithdrawal(
  student: string,
  trans: TranslationBundle
): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('Withdraw your consent?'),
    body: trans.__(
      'Nothing that %1 does in this course is recorded from then on, and the course is told that you have withdrawn. What was recorded before stays. You can agree again at any time.',
      student
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep recording') }),
      Dialog.warnButton({ label: trans.__('Withdraw') })
    ]
  });
  return button.accept;
}

/** Tell that the consent is withdrawn, or that there is none. */
export function tellWithdrawn(isNew: boolean, trans: TranslationBundle): void {
  if (isNew) {
    Notification.success(
      trans.__('Your consent is withdrawn. Nothing more is recorded.')
    );
  } else {
    Notification.info(
      trans.__(
        'Your work in this notebook is not recorded: there is no consent.'
      )
    );
  }
}
