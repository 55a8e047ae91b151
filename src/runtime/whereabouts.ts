import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { ITelemetryModel, KeptAt } from '../ui/model';
import { isLite } from './application';
import {
  isClassCollector,
  isOfHub,
  isThisComputer,
  wordsFor
} from './destination';
import type { SettingsFollower } from './settingsfollower';

/** Where events go at the moment, as panel and status item speak of it. */
export class Whereabouts implements ITelemetryModel.IWhereabouts {
  constructor(private readonly _options: Whereabouts.IOptions) {
    _options.settings.moved.connect(this._onMoved, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get keptAt(): KeptAt {
    const { settings, serverSettings } = this._options;
    switch (settings.destination.kind) {
      case 'browser':
        return 'browser';
      case 'collector':
        return isThisComputer(serverSettings) ? 'computer' : 'server';
      default:
        return null;
    }
  }

  get isDirect(): boolean {
    const { destination } = this._options.settings;
    return destination.kind === 'posthog' && !destination.relay && !isLite();
  }

  get isClass(): boolean {
    return isClassCollector(this._options.settings.destination);
  }

  get isOfHub(): boolean {
    return isOfHub(this._options.settings.destination);
  }

  get isSentAway(): boolean {
    return this.keptAt === null && !this.isClass;
  }

  get words(): string {
    const { settings, serverSettings, trans } = this._options;
    return wordsFor(settings.destination, serverSettings, trans);
  }

  private _onMoved(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
}

/** The namespace for Whereabouts statics. */
export namespace Whereabouts {
  /** What whereabouts are made of. */
  export interface IOptions {
    readonly settings: Pick<SettingsFollower, 'destination' | 'moved'>;
    readonly serverSettings: Pick<ServerConnection.ISettings, 'baseUrl'>;
    readonly trans: TranslationBundle;
  }
}
