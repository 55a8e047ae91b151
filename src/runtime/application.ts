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

/**
 * After how many days the Jupyter server's collector deletes events; null: it does
 * not, or does not say. `app.py` says so in the page's configuration.
 */
export function retentionDays(): number | null {
  const days = Number(PageConfig.getOption('ipynbTelemetryRetentionDays'));
  return Number.isInteger(days) && days > 0 ? days : null;
}

/** Every page of JupyterLite names its root so, whatever its site is called. */
export function isLite(): boolean {
  return document.querySelector('script[data-jupyter-lite-root]') !== null;
}
