import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { flagOf } from '../../notebook/flag';
import { ClassClient } from '../model/client';
import { sendTo } from './send';

/** Without a time a notification shows in the list of notifications alone. */
const SEEN = { autoClose: 8_000 };

/** A notebook whose exercises may become the class's. */
export interface IOutlined {
  readonly notebook: string;
  /** Its cells, as they are in a notebook file. */
  readonly cells: unknown;
}

/** The id of a notebook that is turned on; null: the notebook has none. */
export function idOf({ context }: NotebookPanel): string | null {
  const flag = context.isReady ? flagOf(context) : null;
  return flag?.enabled ? flag.notebook : null;
}

/** The notebook in front, as it is on the screen; null: none is open that is turned on. */
export function notebookInFront(notebooks: INotebookTracker): IOutlined | null {
  const panel = notebooks.currentWidget;
  const notebook = panel && idOf(panel);
  if (!panel?.model || !notebook) {
    return null;
  }
  const { cells, nbformat, nbformatMinor } = panel.model;
  // Below format 4.5 JupyterLab makes ids up at each opening. Events do not name cells by them.
  const hasIds = nbformat > 4 || (nbformat === 4 && nbformatMinor >= 5);
  return {
    notebook,
    // Outputs tell nothing of the exercises, and may be more than the server takes.
    cells: Array.from(cells, cell => ({
      cell_type: cell.type,
      ...(hasIds ? { id: cell.id } : {}),
      source: cell.sharedModel.getSource(),
      metadata: cell.metadata
    }))
  };
}

/** Make the notebook in front the class's outline, and say so. */
export async function saveOutline(
  app: JupyterFrontEnd,
  notebooks: INotebookTracker,
  trans: TranslationBundle
): Promise<void> {
  const found = notebookInFront(notebooks);
  if (found === null) {
    Notification.warning(
      trans.__(
        'Turn “Student Telemetry in This Notebook” on first: its id is that of the outline.'
      ),
      SEEN
    );
    return;
  }
  const client = new ClassClient(
    sendTo(app.serviceManager.serverSettings),
    trans
  );
  try {
    const count = await client.saveOutline(found.notebook, found.cells);
    Notification.success(
      trans._n(
        'The class view knows %1 exercise of “%2” now.',
        'The class view knows %1 exercises of “%2” now.',
        count,
        found.notebook
      ),
      SEEN
    );
  } catch (reason) {
    Notification.error((reason as Error).message, SEEN);
  }
}
