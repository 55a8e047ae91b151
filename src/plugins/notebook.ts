import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import { CommandIDs, NO_ARGUMENTS } from '../commands';
import { recordedIcon, unrecordedIcon } from '../icon';
import { flagOf } from '../notebook/flag';
import { answerSetupCalls } from '../notebook/kernel/setupcall';
import type { Runtime } from '../runtime/runtime';
import { IRuntimeLoader } from './loader';
import { createMenuButton } from './menubutton';

/** The commands that are there from the start. */
const MENU = [
  CommandIDs.toggleNotebook,
  CommandIDs.changeStudent,
  CommandIDs.withdrawConsent,
  CommandIDs.showActivity
];

/**
 * Attaches to flagged notebooks and to those whose code calls `setup_telemetry`,
 * and lets the instructor set the flag.
 */
const notebook: JupyterFrontEndPlugin<void> = {
  id: 'ipynb-telemetry:notebook',
  description: 'Tracks notebooks that say so.',
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

    const changed = new Signal<object, void>({});
    const notify = (): void => {
      commands.notifyCommandChanged(CommandIDs.toggleNotebook);
      changed.emit();
    };

    let runtime: Runtime | null = null;
    void loader.loaded.then(loaded => {
      runtime = loaded;
      loaded.attachments.changed.connect(notify);
      loaded.identity.changed.connect(notify);
    });
    /**
     * Turned on in this page, by an instructor then: neither asked for a name nor
     * recorded before a preview, or before the notebook is opened again.
     */
    const heldBack = new WeakSet<NotebookPanel['context']>();
    /** Turned off while they were recorded: turned on again, they go on. */
    const interrupted = new WeakSet<NotebookPanel['context']>();
    /** Whether its flag says so, or a call in its kernel did. */
    const isTracked = (panel: NotebookPanel): boolean =>
      flagOf(panel.context).enabled || !!runtime?.attachments.of(panel);

    const attach = async (panel: NotebookPanel): Promise<void> => {
      await panel.context.ready;
      if (
        panel.isDisposed ||
        !isTracked(panel) ||
        heldBack.has(panel.context)
      ) {
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
      answerSetupCalls(
        context,
        async (notebook, kernel) => {
          const runtime = await loader.load();
          if (context.sessionContext.session?.kernel === kernel) {
            tracker
              .filter(panel => panel.context === context)
              .forEach(panel => runtime.attach(panel, notebook));
          }
        },
        () => heldBack.has(context)
      );
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
        const { toggleFlag, tellOn } = await import('../notebook/toggleflag');
        if (!panel?.model) {
          return;
        }
        const { context } = panel;
        if (runtime?.studentOf(panel)) {
          interrupted.add(context);
        }
        const id = await toggleFlag(app, panel, trans, isOn());
        if (id !== null) {
          const start = (): void => {
            heldBack.delete(context);
            // The other views too: whatever shows the notebook is followed.
            tracker.filter(other => other.context === context).forEach(follow);
          };
          if (interrupted.has(context)) {
            start();
            tellOn(context, id, trans, null);
          } else {
            heldBack.add(context);
            tellOn(context, id, trans, start);
          }
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
    commands.addCommand(CommandIDs.withdrawConsent, {
      label: trans.__('Withdraw Consent…'),
      caption: trans.__('Have nothing more recorded in this course'),
      execute: async () => (await loader.load()).courses.withdraw(),
      describedBy: NO_ARGUMENTS
    });
    for (const command of MENU) {
      palette?.addItem({ command, category: trans.__('Student Telemetry') });
    }
    const stateOf = (
      panel: NotebookPanel
    ): { words: string; icon: LabIcon } => {
      const student = runtime?.studentOf(panel);
      return student
        ? {
            words: trans.__('Student telemetry: recorded for %1', student.name),
            icon: recordedIcon
          }
        : {
            words:
              heldBack.has(panel.context) && isTracked(panel)
                ? trans.__(
                    'Student telemetry: on for students, not recorded here'
                  )
                : trans.__('Student telemetry: not recorded'),
            icon: unrecordedIcon
          };
    };
    toolbar?.addFactory<NotebookPanel>('Notebook', 'ipynb-telemetry', panel =>
      createMenuButton(commands, MENU, () => stateOf(panel), changed)
    );
  }
};

export default notebook;
