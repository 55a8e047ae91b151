import { Notification } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { FLAG, readFlag } from './flag';

type Context = DocumentRegistry.IContext<INotebookModel>;

/** Where Jupytext keeps what it is to write into a notebook's text. */
const JUPYTEXT = 'jupytext';

/** Jupytext's own settings, without which its filter would not outlast the next save. */
const FILTERS = [
  `${JUPYTEXT}.cell_metadata_filter`,
  `${JUPYTEXT}.notebook_metadata_filter`
];

/**
 * Have Jupytext write the flag into a notebook's Markdown or Python file, also into
 * that of a pair. Jupytext drops all metadata that its filter does not name.
 */
export function keepFlagInText(model: INotebookModel): void {
  const settings: unknown = model.getMetadata(JUPYTEXT);
  if (typeof settings !== 'object' || settings === null) {
    return;
  }
  const { notebook_metadata_filter: filter } = settings as {
    notebook_metadata_filter?: unknown;
  };
  const extended = addFlag(filter);
  if (extended !== filter) {
    const notebook_metadata_filter = extended;
    model.setMetadata(JUPYTEXT, { ...settings, notebook_metadata_filter });
  }
}

/**
 * Add the flag to a filter of Jupytext's, and leave the rest of it as it is.
 * `jupytextfilter.py` does the same.
 *
 * @param filter - of any kind; Jupytext knows texts, `-all` among them, true and false
 */
export function addFlag(filter: unknown): unknown {
  const text =
    typeof filter === 'boolean' ? (filter ? 'all' : '-all') : (filter ?? '');
  if (typeof text !== 'string') {
    return filter;
  }
  const known = text
    .split(',')
    .map(name => name.trim().replace(/^\+/, ''))
    .filter(name => name !== '');
  const names = known.filter(name => name !== `-${FLAG}`);
  const isIn = (name: string): boolean => names.includes(name);
  if (isIn(FLAG) || isIn('all')) {
    return names.length < known.length ? names.join() : filter;
  }
  const added = [FLAG];
  if (isIn('-all') && !isIn(JUPYTEXT)) {
    added.push(...FILTERS.filter(name => !isIn(name)));
  }
  const excluded = names.findIndex(name => name.startsWith('-'));
  names.splice(excluded < 0 ? names.length : excluded, 0, ...added);
  return names.join();
}

/**
 * Look into a text notebook's file after its next save, and say so if the flag is not
 * there: what Jupytext writes depends on its own settings too, which no page sees.
 */
export function watchSave(
  contents: Contents.IManager,
  context: Context,
  trans: TranslationBundle
): void {
  if (PathExt.extname(context.localPath) === '.ipynb' || watched.has(context)) {
    return;
  }
  watched.add(context);
  const onSaveState = (_: unknown, state: string): void => {
    if (!state.startsWith('completed')) {
      return;
    }
    context.saveState.disconnect(onSaveState);
    watched.delete(context);
    const { path, localPath, model } = context;
    const flag = readFlag(model.getMetadata(FLAG), localPath);
    contents
      .get(path, { type: 'notebook', content: true })
      .then(({ content }) => {
        const { metadata } = content as { metadata: Record<string, unknown> };
        if (readFlag(metadata[FLAG], localPath).enabled !== flag.enabled) {
          tellLost(model, trans);
        }
      })
      // The file is not ours to complain about.
      .catch(() => undefined);
  };
  context.saveState.connect(onSaveState);
}

function tellLost(model: INotebookModel, trans: TranslationBundle): void {
  Notification.warning(
    model.getMetadata(JUPYTEXT)
      ? trans.__(
          'This file does not keep the flag: in Jupytext’s settings, add ipynb_telemetry to notebook_metadata_filter, then save again.'
        )
      : trans.__(
          'This file does not keep the telemetry flag. Save the notebook as an .ipynb file, and turn telemetry on there.'
        ),
    { autoClose: false }
  );
}

/** The documents whose next save is waited for. */
const watched = new WeakSet<Context>();
