import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { MenuSvg, ToolbarButton } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
import { telemetryIcon } from '../icon';
import { flagOf } from '../notebook/flag';
import { answerSetupCalls } from '../notebook/kernel/setupcall';
import type { Runtime } from '../runtime/runtime';
import { IRuntimeLoader } from './loader';

/** The commands that are there from the start. */
const MENU = [
  CommandIDs.toggleNotebook,
  CommandIDs.changeStudent,
  CommandIDs.showActivity
];

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } };

/**
 * Attaches to flagged notebooks and to those whose code calls `setup_telemetry`,
 * and lets the instructor set the flag.
 */
const notebook: JupyterFrontEndPlugin<void> = {
  id: 'ipynb-telemetry:notebook',
  description: 'Tracks notebooks whose metadata or code say so.',
  autoStart: true,
  requires: [IRuntimeLoader, INotebookTracker],
  optional: [ITranslator, ICommandPalette, IToolbarWidgetRegistry],
  activate: (
    app: JupyterFrontEnd,
    loader: IRuntimeLoader,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    toolbar: IToolbarWidgetRegistry | null
  ): void => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load('ipynb_telemetry');

    const notify = (): void =>
      commands.notifyCommandChanged(CommandIDs.toggleNotebook);

    let runtime: Runtime | null = null;
    void loader.loaded.then(loaded => {
      runtime = loaded;
      loaded.attachments.changed.connect(notify);
    });
    /** Whether its flag says so, or a call in its kernel did. */
    const isTracked = (panel: NotebookPanel): boolean =>
      flagOf(panel.context).enabled || !!runtime?.attachments.of(panel);

    const attach = async (panel: NotebookPanel): Promise<void> => {
      await panel.context.ready;
      if (panel.isDisposed || !isTracked(panel)) {
        return;
      }
      const runtime = await loader.load();
      if (!panel.isDisposed) {
        runtime.attach(panel);
      }
    };
    const listening = new WeakSet<NotebookPanel['context']>();
    const listen = ({ context }: NotebookPanel): void => {
      if (listening.has(context)) {
        return;
      }
      listening.add(context);
      answerSetupCalls(context, async (notebook, kernel) => {
        const runtime = await loader.load();
        if (context.sessionContext.session?.kernel === kernel) {
          tracker
            .filter(panel => panel.context === context)
            .forEach(panel => runtime.attach(panel, notebook));
        }
      });
    };
    const follow = (panel: NotebookPanel): void => {
      listen(panel);
      attach(panel).catch(reason => {
        console.error('ipynb-telemetry: telemetry did not start', reason);
      });
    };
    tracker.forEach(follow);
    tracker.widgetAdded.connect((_, panel) => follow(panel));

    const isOn = (): boolean => {
      const panel = tracker.currentWidget;
      return !!panel?.model && isTracked(panel);
    };
    commands.addCommand(CommandIDs.toggleNotebook, {
      label: trans.__('Student Telemetry in This Notebook'),
      caption: trans.__(
        'Turn the recording of students’ work on or off for the current notebook'
      ),
      isEnabled: () => !!tracker.currentWidget?.model,
      isToggled: isOn,
      execute: async () => {
        const panel = tracker.currentWidget;
        const { toggleFlag } = await import('../notebook/toggleflag');
        if (panel?.model && (await toggleFlag(panel, trans, isOn()))) {
          // The other views too: whatever shows the notebook is followed.
          tracker
            .filter(other => other.context === panel.context)
            .forEach(follow);
        }
        notify();
      },
      describedBy: NO_ARGUMENTS
    });
    tracker.currentChanged.connect(notify);
    commands.addCommand(CommandIDs.changeStudent, {
      label: trans.__('Change Student…'),
      caption: trans.__('Let somebody else work at this computer'),
      execute: async () => (await loader.load()).identity.ask(),
      describedBy: NO_ARGUMENTS
    });
    for (const command of MENU) {
      palette?.addItem({ command, category: trans.__('Student Telemetry') });
    }
    toolbar?.addFactory('Notebook', 'ipynb-telemetry', () =>
      createMenuButton(app, trans)
    );
  }
};

/** The button in a notebook's toolbar, with what there is to do about telemetry. */
function createMenuButton(
  app: JupyterFrontEnd,
  trans: TranslationBundle
): ToolbarButton {
  const menu = new MenuSvg({ commands: app.commands });
  for (const command of MENU) {
    menu.addItem({ command });
  }
  const button = new ToolbarButton({
    icon: telemetryIcon,
    tooltip: trans.__('Student telemetry'),
    onClick: () => {
      const { left, bottom } = button.node.getBoundingClientRect();
      menu.open(left, bottom);
    }
  });
  button.disposed.connect(() => menu.dispose());
  return button;
}

export default notebook;
