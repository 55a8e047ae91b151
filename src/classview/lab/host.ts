import type { JupyterFrontEnd } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IHost } from '../host';
import { idOf, notebookInFront } from './outline';
import { CLASS } from './send';

/** What JupyterLab can do for the class view: open notebooks, and read the one in front. */
export function hostOf(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker
): IHost {
  const { commands, serviceManager } = app;
  const { baseUrl } = serviceManager.serverSettings;
  const pathOf = async (notebook: string): Promise<string | null> => {
    const open = notebooks.find(panel => idOf(panel) === notebook);
    if (open) {
      return open.context.path;
    }
    // A notebook that names no id has that of its file.
    const path = `${notebook}.ipynb`;
    const beside = notebooks.currentWidget?.context.path.replace(/[^/]*$/, '');
    for (const folder of new Set([beside ?? '', ''])) {
      const found = await serviceManager.contents
        .get(folder + path, { content: false })
        .catch(() => null);
      if (found) {
        return folder + path;
      }
    }
    return null;
  };
  return {
    pageUrl: `${URLExt.join(baseUrl, CLASS)}/`,
    canOpen: async notebook => (await pathOf(notebook)) !== null,
    openCell: (notebook, cellId) => {
      pathOf(notebook)
        .then(async path => {
          if (path === null) {
            return;
          }
          const opened: unknown = await commands.execute('docmanager:open', {
            path
          });
          const panel = notebooks.find(known => known === opened);
          if (panel) {
            await showCell(panel, cellId);
          }
        })
        .catch(reason => {
          console.error('ipynb-telemetry: the notebook is not opened', reason);
        });
    },
    currentNotebook: () => notebookInFront(notebooks)
  };
}

async function showCell(
  panel: NotebookPanel,
  cellId: string | null
): Promise<void> {
  await panel.context.ready;
  await panel.revealed;
  const { content } = panel;
  const index = content.widgets.findIndex(({ model }) => model.id === cellId);
  if (index >= 0) {
    content.activeCellIndex = index;
    await content.scrollToItem(index, 'start');
  }
}
