import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { usersIcon } from '@jupyterlab/ui-components';
import type { ClassWidget } from '../classview/lab';
import { CommandIDs, NO_ARGUMENTS } from '../commands';

/** Opens the class view, which is loaded with its first opening: a student pays nothing for it. */
const classview: JupyterFrontEndPlugin<void> = {
  id: 'ipynb-telemetry:class-view',
  description: 'Shows an instructor the class.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator, ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ipynb_telemetry');
    const command = CommandIDs.openClassView;
    const tracker = new WidgetTracker<ClassWidget>({
      namespace: 'ipynb-telemetry'
    });
    app.commands.addCommand(command, {
      label: trans.__('Class View'),
      caption: trans.__('See who has done what, and who needs you now'),
      icon: usersIcon,
      execute: async ({ address }) => {
        const { openClassView } = await import('../classview/lab');
        await openClassView({ app, notebooks, tracker, trans, address });
      },
      describedBy: {
        args: { type: 'object', properties: { address: { type: 'string' } } }
      }
    });
    app.commands.addCommand(CommandIDs.saveOutline, {
      label: trans.__('Use This Notebook as the Class’s Outline'),
      caption: trans.__('Let the class view know the exercises'),
      isEnabled: () => notebooks.currentWidget !== null,
      execute: async () => {
        const { saveOutline } = await import('../classview/lab');
        await saveOutline(app, notebooks, trans);
      },
      describedBy: NO_ARGUMENTS
    });
    for (const each of [command, CommandIDs.saveOutline]) {
      palette?.addItem({
        command: each,
        category: trans.__('Student Telemetry')
      });
    }
    // Without a category, the card is among “Other”.
    launcher?.add({ command });
    void restorer?.restore(tracker, {
      command,
      args: ({ content }) => ({ address: content.address }),
      name: () => 'class'
    });
  }
};

export default classview;
