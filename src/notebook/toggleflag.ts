import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { askText } from '../dialogs/textdialog';
import { keepFlagInText, watchSave } from './flagintext';
import {
  defaultNotebookId,
  FLAG,
  flagOf,
  MAX_ID_LENGTH,
  refuseNotebookId
} from './flag';

type Context = NotebookPanel['context'];

/** The part of the application that has files. */
interface IFiles {
  readonly serviceManager: { readonly contents: Contents.IManager };
}

/** A notification cuts what is longer than 140 characters. */
const MAX_ID_SHOWN = 40;

/**
 * Turn the flag over, asking for the notebook id when it goes on.
 *
 * @param app - whose files the notebook is one of
 * @param isOn - whether the notebook is tracked, by its flag or by a call
 * @returns the id when it is on now, else null
 */
export async function toggleFlag(
  app: IFiles,
  panel: NotebookPanel,
  trans: TranslationBundle,
  isOn: boolean
): Promise<string | null> {
  const { context } = panel;
  const setFlag = (flag: object): void => {
    keepFlagInText(context.model);
    context.model.setMetadata(FLAG, flag);
    watchSave(app.serviceManager.contents, context, trans);
  };
  if (isOn) {
    // A notebook that its code turned on may have no flag, or a bad one.
    const flag: unknown = flagOf(context).enabled
      ? context.model.getMetadata(FLAG)
      : {};
    setFlag({ ...(flag as object), enabled: false });
    Private.dismiss(context);
    return null;
  }
  const { notebook: known, course } = (context.model.getMetadata(FLAG) ??
    {}) as { readonly notebook?: unknown; readonly course?: unknown };
  const suggestion =
    typeof known === 'string' ? known : defaultNotebookId(context.localPath);
  const id = await askText({
    trans,
    title: trans.__('Turn on student telemetry'),
    label: trans.__('Notebook id'),
    explanation: trans.__(
      'The name that this notebook’s events carry, also when its file is renamed or copied.'
    ),
    text: refuseNotebookId(suggestion) === null ? suggestion : '',
    accept: trans.__('Turn On'),
    refuse: text => refusalWords(text, trans)
  });
  if (id === null || panel.isDisposed) {
    return null;
  }
  // The course that was there stays, unless it would make the flag a bad one.
  const isKept =
    typeof course === 'string' && refuseNotebookId(course) === null;
  setFlag({ enabled: true, notebook: id, ...(isKept ? { course } : {}) });
  return id;
}

/**
 * Tell that telemetry is on now, in place of what was told of the same notebook.
 *
 * @param preview - records as of a student, where nothing is recorded yet
 */
export function tellOn(
  context: Context,
  id: string,
  trans: TranslationBundle,
  preview: (() => void) | null
): void {
  const shown =
    id.length > MAX_ID_SHOWN ? `${id.slice(0, MAX_ID_SHOWN - 1)}…` : id;
  Private.dismiss(context);
  const told = preview
    ? Notification.success(
        trans.__(
          'Telemetry is on for “%1”. Save, and hand it out. Your own work in it is not recorded now.',
          shown
        ),
        {
          autoClose: false,
          actions: [
            { label: trans.__('Preview as a student'), callback: preview }
          ]
        }
      )
    : Notification.success(trans.__('Telemetry is on again for “%1”.', shown));
  Private.told.set(context, told);
}

/** Why an id will not do, in words, or empty. */
function refusalWords(id: string, trans: TranslationBundle): string {
  if (refuseNotebookId(id) === null) {
    return '';
  }
  if (id.trim() === '') {
    return trans.__('An id is needed');
  }
  if (/[/\\]/.test(id)) {
    return trans.__('An id has no slash, neither / nor \\');
  }
  return [...id].length > MAX_ID_LENGTH
    ? trans.__('An id has at most %1 characters', String(MAX_ID_LENGTH))
    : trans.__('An id has no invisible characters');
}

namespace Private {
  /** The notification about each notebook that was turned on. */
  export const told = new WeakMap<Context, string>();

  export function dismiss(context: Context): void {
    const id = told.get(context);
    if (id !== undefined) {
      Notification.dismiss(id);
      told.delete(context);
    }
  }
}
