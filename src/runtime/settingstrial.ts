import { Notification } from '@jupyterlab/apputils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClock } from '../delivery/clock';
import { addressOf } from './destination';
import type { ITelemetrySettings } from './settings';

/** Tries the settings out, with an event of no student. */
export class SettingsTrial {
  constructor(private readonly _options: SettingsTrial.IOptions) {}

  /** Tell what was saved, and offer to try it out. */
  offer(words: string): void {
    Notification.success(words, {
      autoClose: 10_000,
      actions: [
        {
          label: this._options.trans.__('Send a test event'),
          callback: () => {
            this.send().catch(reason => {
              console.error(
                'ipynb-telemetry: the test event was not sent',
                reason
              );
            });
          }
        }
      ]
    });
  }

  /** Send an event to where the settings say, and show what came of it. */
  async send(): Promise<void> {
    const { clock, serverSettings, trans } = this._options;
    const { destination, refusals } = this._options.settings();
    const advice = import('./advice');
    if (refusals.length > 0) {
      const words = refusals[0].tell(await advice, trans);
      Notification.error(words, { autoClose: 10_000 });
    } else {
      const endpoint = addressOf(destination, serverSettings);
      const { sendTestEvent } = await advice;
      await sendTestEvent(destination, endpoint, trans, clock, () => {
        void this.send();
      });
    }
  }
}

/** The namespace for SettingsTrial statics. */
export namespace SettingsTrial {
  /** What a trial is made of. */
  export interface IOptions {
    /** The settings of the moment. */
    readonly settings: () => Pick<
      ITelemetrySettings,
      'destination' | 'refusals'
    >;
    readonly serverSettings: ServerConnection.ISettings;
    readonly trans: TranslationBundle;
    readonly clock: IClock;
  }
}
