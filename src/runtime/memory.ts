import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';

/** Where this browser remembers things, and whose they are. */
export interface IMemory {
  /** Server base URL and hub user: two people behind one hub's origin share neither a name nor an event. */
  readonly scope: string;
  /** The browser's `localStorage`; null where it is forbidden. */
  readonly storage: Storage | null;
}

/** The memory of an application in this browser. */
export function memoryOf(app: JupyterFrontEnd): IMemory {
  const { baseUrl } = app.serviceManager.serverSettings;
  const scope = `${baseUrl}|${PageConfig.getOption('hubUser')}`;
  return { scope, storage: localStorageIfAny() };
}

/** In a frame of another site the mere look at the storage may throw. */
function localStorageIfAny(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
