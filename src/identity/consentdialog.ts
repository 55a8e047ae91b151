import type { TranslationBundle } from '@jupyterlab/translation';
import type { FormBody } from '../dialogs/formdialog';
import { FormDialog } from '../dialogs/formdialog';
import type { IConsentWords, INoticeFacts } from './noticefacts';

/** The parts of every dialog by which a student lets work be recorded. */
export interface IConsentDialogOptions {
  readonly trans: TranslationBundle;
  /** The instructor's own words about the recording. */
  readonly notice: string;
  /** Where it goes. */
  readonly destination: string;
  /** The notice's lines: recorded, not recorded, and so on. */
  readonly facts: INoticeFacts;
  /** How a student is asked who is not recorded yet. */
  readonly words: IConsentWords;
  /** Tells that the question is answered elsewhere. */
  readonly signal: AbortSignal;
}

/** A form in a dialog, and the words where the work is recorded already. */
export interface IConsentForm {
  readonly body: FormBody;
  /** What has the focus at first, as a selector within the form. */
  readonly focus: string;
  /** Null: the student is not recorded yet. */
  readonly recorded: { readonly title: string; readonly accept: string } | null;
}

/** @returns whether the student agreed to what the form says */
export async function askConsent(
  { trans, words, facts, signal }: IConsentDialogOptions,
  { body, focus, recorded }: IConsentForm
): Promise<boolean> {
  const dialog = new FormDialog(
    {
      title: recorded?.title ?? words.title,
      body,
      focus,
      refuse: recorded ? trans.__('Cancel') : words.refuse,
      accept: recorded?.accept ?? words.accept,
      isEven: !recorded && facts.mode === 'opt-in'
    },
    signal
  );
  const { button } = await dialog.launch();
  return button.accept;
}
