import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import { Signal } from '@lumino/signaling';
import type { IApplicationFacts } from '../events/session';
import { VERSION } from '../events/version';

/** Which application this is, as sessions tell of it. */
export function applicationFacts(app: JupyterFrontEnd): IApplicationFacts {
  const name = PageConfig.getOption('appName') || app.name;
  return {
    app: isLite() ? 'lite' : name === 'Jupyter Notebook' ? 'notebook' : 'lab',
    version: PageConfig.getOption('appVersion') || app.version,
    extensionVersion: VERSION
  };
}

/** What notebooks know of the application's shell. Not every shell tells what is in front. */
export function shellOf(
  app: JupyterFrontEnd
): Required<Pick<JupyterFrontEnd.IShell, 'currentChanged' | 'currentWidget'>> {
  const { shell } = app;
  return {
    get currentWidget() {
      return shell.currentWidget;
    },
    currentChanged: shell.currentChanged ?? new Signal(shell)
  };
}

/** Every page of JupyterLite names its root so, whatever its site is called. */
export function isLite(): boolean {
  return document.querySelector('script[data-jupyter-lite-root]') !== null;
}
