import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs, NO_ARGUMENTS } from '../commands';
import type { Runtime } from '../runtime/runtime';
import { IRuntimeLoader } from './loader';

/** Shows the student what is recorded, in the status bar and in a panel. */
const activity: JupyterFrontEndPlugin<void> = {
  id: 'ipynb-telemetry:activity',
  description: 'Shows the student what is recorded and where it is.',
  autoStart: true,
  requires: [IRuntimeLoader, INotebookTracker],
  optional: [ITranslator, ICommandPalette, IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    loader: IRuntimeLoader,
    notebooks: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ipynb_telemetry');
    let shown: Promise<() => void> | null = null;
    const show = (runtime: Runtime): Promise<() => void> => {
      shown ??= runtime.loadUI().then(ui =>
        ui.show({
          app,
          model: runtime,
          notebooks,
          trans,
          palette,
          statusBar
        })
      );
      // A chunk that did not come may come the next time.
      shown.catch(() => {
        shown = null;
      });
      return shown;
    };
    app.commands.addCommand(CommandIDs.showActivity, {
      label: trans.__('Show Recorded Activity'),
      caption: trans.__('See every event that is recorded and where it is'),
      execute: async () => {
        const open = await show(await loader.load());
        open();
      },
      describedBy: NO_ARGUMENTS
    });
    loader.loaded.then(show).catch(reason => {
      console.error('ipynb-telemetry: the activity is not shown', reason);
    });
  }
};

export default activity;
