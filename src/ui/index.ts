import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { ActivityPanel } from './activity';
import type { ITelemetryModel } from './model';
import { addRights } from './rightsmenu';
import { StatusItem } from './statusitem';
import { saveUndelivered } from './undelivered';

/**
 * Show panel, status item and commands, from the first flagged notebook on.
 *
 * @returns opens the panel
 */
export function show(options: {
  readonly app: JupyterFrontEnd;
  readonly model: ITelemetryModel;
  readonly notebooks: INotebookTracker;
  readonly trans: TranslationBundle;
  readonly palette: ICommandPalette | null;
  readonly statusBar: IStatusBar | null;
}): () => void {
  const { app, model, notebooks, trans, palette, statusBar } = options;
  const { commands, shell } = app;
  commands.addCommand(CommandIDs.sendNow, {
    label: trans.__('Send Waiting Events Now'),
    caption: trans.__('Try again at once to send what is waiting'),
    isEnabled: () => model.whereabouts.keptAt !== 'browser',
    execute: () => model.delivery.sendNow(),
    describedBy: { args: { type: 'object', properties: {} } }
  });
  model.whereabouts.changed.connect(() =>
    commands.notifyCommandChanged(CommandIDs.sendNow)
  );
  commands.addCommand(CommandIDs.exportUndelivered, {
    label: trans.__('Export What Has Not Been Delivered'),
    caption: trans.__('Save your events that are waiting or were refused'),
    execute: () =>
      saveUndelivered(
        model.delivery,
        model.identity.student?.id,
        model.isShared
      ),
    describedBy: { args: { type: 'object', properties: {} } }
  });
  for (const command of [CommandIDs.sendNow, CommandIDs.exportUndelivered]) {
    palette?.addItem({ command, category: trans.__('Student Telemetry') });
  }
  const open = (): void => {
    // The shell of Notebook closes a side panel that is opened a second time.
    if (panel.isVisible) {
      panel.activate();
    } else {
      shell.activateById(panel.id);
    }
  };
  const openMenu = addRights({
    app,
    model,
    trans,
    palette,
    turnTo: view => {
      panel.turnTo(view);
      open();
    }
  });
  const panel = new ActivityPanel(model, trans, commands, () => {
    if (shell.currentWidget) {
      shell.activateById(shell.currentWidget.id);
    }
  });
  shell.add(panel, 'right', { rank: 900, type: 'Student Telemetry' });
  showStatus(
    shell,
    statusBar,
    new StatusItem(
      model,
      notebooks,
      trans,
      () => {
        panel.turnTo(null);
        open();
      },
      openMenu
    )
  );
  return open;
}

function showStatus(
  shell: JupyterFrontEnd.IShell,
  statusBar: IStatusBar | null,
  item: StatusItem
): void {
  if (statusBar) {
    statusBar.registerStatusItem('ipynb-telemetry:status', {
      item,
      align: 'right',
      rank: 900,
      // The item stays when the window is narrow.
      priority: 1,
      isActive: () => item.isShowing,
      activeStateChanged: item.stateChanged
    });
    return;
  }
  // Notebook 7 has no status bar: beside its “Trusted”.
  item.id = 'jp-ipynb-telemetry-status';
  const follow = (): void => item.setHidden(!item.isShowing);
  follow();
  item.stateChanged.connect(follow);
  shell.add(item, 'menu', { rank: 10_900 });
}
