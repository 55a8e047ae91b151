import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { Send } from '../model/client';

/** Where the routes of the class are, behind the base URL. */
export const CLASS = 'ipynb-telemetry/class';

/** The way to the server that JupyterLab is from. */
export function sendTo(settings: ServerConnection.ISettings): Send {
  return (path, init = {}) =>
    ServerConnection.makeRequest(
      `${URLExt.join(settings.baseUrl, CLASS)}/${path}`,
      init,
      settings
    );
}
