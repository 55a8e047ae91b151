import type { JupyterFrontEnd } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ServerConnection } from '@jupyterlab/services';
import { flagOf } from '../../notebook/flag';
import type { IHost } from '../host';
import type { Send } from '../model/client';

const CLASS = 'ipynb-telemetry/class';

/** The way to the server that JupyterLab is from. */
export function sendTo(settings: ServerConnection.ISettings): Send {
  return (path, init = {}) =>
    ServerConnection.makeRequest(
      `${URLExt.join(settings.baseUrl, CLASS)}/${path}`,
      init,
      settings
    );
}

/** What JupyterLab can do for the class view: open notebooks, and read the one in front. */
export function hostOf(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker
): IHost {
  const { commands, serviceManager } = app;
  const { baseUrl } = serviceManager.serverSettings;
  const idOf = ({ context }: NotebookPanel): string | null => {
    const flag = context.isReady ? flagOf(context) : null;
    return flag?.enabled ? flag.notebook : null;
  };
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
    currentNotebook: () => {
      const panel = notebooks.currentWidget;
      const notebook = panel && idOf(panel);
      return panel?.model && notebook
        ? {
            notebook,
            cells: cellsOf(panel.model.toJSON() as unknown as IContent)
          }
        : null;
    }
  };
}

interface IContent {
  readonly cells: readonly Readonly<
    Record<'cell_type' | 'id' | 'source' | 'metadata', unknown>
  >[];
}

/** What tells the exercises: outputs do not, and may be larger than what the server takes. */
function cellsOf({ cells }: IContent): unknown {
  return cells.map(({ cell_type, id, source, metadata }) => ({
    cell_type,
    id,
    source,
    metadata
  }));
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
