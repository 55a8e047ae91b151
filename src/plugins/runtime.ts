import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import { CommandIDs, NO_ARGUMENTS } from '../commands';
import type { Runtime } from '../runtime/runtime';
import { WrittenSettings } from '../runtime/writtensettings';
import { IRuntimeLoader } from './loader';

const PLUGIN_ID = 'ipynb-telemetry:plugin';

/** Loads the settings at start and the rest with the first flagged notebook. */
const runtime: JupyterFrontEndPlugin<IRuntimeLoader> = {
  id: PLUGIN_ID,
  description: 'Loads telemetry when it is needed.',
  autoStart: true,
  provides: IRuntimeLoader,
  requires: [ISettingRegistry],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    registry: ISettingRegistry,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): IRuntimeLoader => {
    const trans = (translator ?? nullTranslator).load('ipynb_telemetry');
    const loaded = new PromiseDelegate<Runtime>();
    const written = new WrittenSettings(trans);
    registry.transform(PLUGIN_ID, { fetch: written.fetch });
    const settings = registry
      .load(PLUGIN_ID)
      .then(values => {
        // Several lines in the Settings Editor; the registry, which has read the schema
        // by now, would tell the console that it knows no such format.
        values.schema.properties!.privacyNotice.format = 'textarea';
        return {
          changed: values.changed,
          before: values.user,
          get properties() {
            return written.properties;
          },
          get user() {
            return values.user;
          }
        };
      })
      .catch(reason => {
        console.error('ipynb-telemetry: the settings failed to load', reason);
        return null;
      });
    let loading: Promise<Runtime> | null = null;
    const load = (isBeingEdited: boolean): Promise<Runtime> => {
      loading ??= Promise.all([settings, import('../runtime/runtime')]).then(
        async ([values, module]) => {
          const made = await module.Runtime.create({
            app,
            settings: values,
            isBeingEdited,
            reload: () => registry.reload(PLUGIN_ID),
            trans
          });
          loaded.resolve(made);
          return made;
        }
      );
      // A chunk that did not come may come the next time.
      loading.catch(() => {
        loading = null;
      });
      return loading;
    };
    // Whoever edits the settings is told at once what is wrong with them.
    void settings.then(values =>
      values?.changed.connect(() => void load(true))
    );
    const command = CommandIDs.sendTestEvent;
    app.commands.addCommand(command, {
      label: trans.__('Send a Test Event'),
      caption: trans.__('Find out whether events arrive'),
      execute: async () => (await load(false)).trial.send(),
      describedBy: NO_ARGUMENTS
    });
    palette?.addItem({ command, category: trans.__('Student Telemetry') });
    return { load: () => load(false), loaded: loaded.promise };
  }
};

export default runtime;
