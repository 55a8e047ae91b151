import { InputDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  defaultNotebookId,
  FLAG,
  flagOf,
  NOTEBOOK_ID_PATTERN,
  refuseNotebookId
} from './flag';

/**
 * Turn the flag over, asking for the notebook id when it goes on.
 *
 * @param isOn - whether the notebook is tracked, by its flag or by a call
 * @returns whether it is on now
 */
export async function toggleFlag(
  panel: NotebookPanel,
  trans: TranslationBundle,
  isOn: boolean
): Promise<boolean> {
  const { context } = panel;
  if (isOn) {
    // A notebook that its code turned on may have no flag, or a bad one.
    const flag: unknown = flagOf(context).enabled
      ? context.model.getMetadata(FLAG)
      : {};
    context.model.setMetadata(FLAG, { ...(flag as object), enabled: false });
    return false;
  }
  const known: unknown = (
    context.model.getMetadata(FLAG) as { notebook?: unknown } | undefined
  )?.notebook;
  const suggestion =
    typeof known === 'string' ? known : defaultNotebookId(context.localPath);
  const { button, value } = await InputDialog.getText({
    title: trans.__('Turn on student telemetry'),
    label: trans.__('Notebook id, under which its events are found:'),
    // The dialog judges what is typed, not what it begins with.
    text: refuseNotebookId(suggestion) === null ? suggestion : '',
    okLabel: trans.__('Turn On'),
    required: true,
    // The button stays disabled while the id would be refused.
    pattern: NOTEBOOK_ID_PATTERN
  });
  const id = value?.trim() ?? '';
  if (!button.accept || refuseNotebookId(id) !== null || panel.isDisposed) {
    return false;
  }
  context.model.setMetadata(FLAG, { enabled: true, notebook: id });
  return true;
}
