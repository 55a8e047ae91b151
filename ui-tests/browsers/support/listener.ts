import { writeExtension } from '../../support/labextension';
import type { ICapturedEvent } from '../../support/telemetry';
import type { ITab } from './browser';

const NAME = 'captured-listener';

/**
 * The bundle of another extension, which hears of every event. WebDriver has no
 * script that runs before those of a page; an extension is there in time.
 *
 * What a page captured stays in `localStorage`, where no reload, navigation or
 * end of a tab takes it from.
 */
const BUNDLE = `
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB['${NAME}'] = {
  init: () => undefined,
  get: async () => () => ({
    __esModule: true,
    default: {
      id: '${NAME}:plugin',
      autoStart: true,
      activate: async app => {
        const plugins = (app.pluginRegistry ?? app)._plugins;
        const { provides } = plugins.get('ipynb-telemetry:telemetry');
        const telemetry = await app.resolveOptionalService(provides);
        window.telemetry = telemetry;
        telemetry.captured.connect((_, event) => {
          const { uuid, event_type, timestamp, session_id, seq } = event;
          if (event_type.startsWith('consent_')) {
            // An answer is no event of a lesson.
            return;
          }
          localStorage.setItem(
            'captured:' + uuid,
            JSON.stringify({ uuid, event_type, timestamp, session_id, seq })
          );
        });
        const told = console.warn;
        console.warn = (...words) => {
          if (String(words[0]).startsWith('ipynb-telemetry')) {
            const key = 'warned:' + Date.now() + Math.random();
            localStorage.setItem(key, words.map(String).join(' '));
          }
          told(...words);
        };
      }
    }
  })
};
`;

/** @returns the folder to give to a server as `extra_labextensions_path` */
export function writeListener(): Promise<string> {
  return writeExtension(NAME, BUNDLE);
}

/** What all pages of a tab's origin captured, by their own word. */
export async function capturedIn(tab: ITab): Promise<ICapturedEvent[]> {
  const told = await tab.evaluate(storedUnder, 'captured:');
  return told.map(text => JSON.parse(text) as ICapturedEvent);
}

/** The warnings of ours that pages of a tab's origin wrote to the console. */
export function warningsIn(tab: ITab): Promise<string[]> {
  return tab.evaluate(storedUnder, 'warned:');
}

/** In the page. */
function storedUnder(prefix: string): string[] {
  return Object.keys(localStorage)
    .filter(key => key.startsWith(prefix))
    .map(key => localStorage.getItem(key) ?? '');
}
