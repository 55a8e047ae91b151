import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { Runtime } from '../runtime/runtime';
import { IRuntimeLoader } from './loader';

const PLUGIN_ID = 'ipynb-telemetry:plugin';

/** Loads the settings at start and the rest with the first flagged notebook. */
const runtime: JupyterFrontEndPlugin<IRuntimeLoader> = {
  id: PLUGIN_ID,
  description: 'Reads the settings and loads telemetry when it is needed.',
  autoStart: true,
  provides: IRuntimeLoader,
  requires: [ISettingRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    registry: ISettingRegistry,
    translator: ITranslator | null
  ): IRuntimeLoader => {
    const trans = (translator ?? nullTranslator).load('ipynb_telemetry');
    const loaded = new PromiseDelegate<Runtime>();
    const settings = registry.load(PLUGIN_ID).catch(reason => {
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
    return { load: () => load(false), loaded: loaded.promise };
  }
};

export default runtime;
