import { Notification } from '@jupyterlab/apputils';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClock } from '../delivery/clock';
import { isLite } from './application';
import type { Destination } from './destination';
import type { ITelemetrySettings } from './settings';
import { readSettings, valuesInForce } from './settings';
import { Switchover } from './switchover';

/**
 * The settings of the moment, followed as they are edited. A notification tells
 * what is wrong with them.
 */
export class SettingsFollower {
  constructor(private readonly _options: SettingsFollower.IOptions) {
    this._values = this._read();
    this._switchover = new Switchover(
      this._values.destination,
      _options.clock,
      destination => this._moved.emit(destination)
    );
    _options.settings?.changed.connect(this._onChanged, this);
  }

  get values(): ITelemetrySettings {
    return this._values;
  }

  /**
   * Whether the settings could be read. Without them nobody knows what may be
   * recorded, where it goes and what the students are told: nothing is.
   */
  get areReadable(): boolean {
    return this._options.settings !== null;
  }

  /** Where events go, now or once the settings are right. */
  get destination(): Destination {
    return this._switchover.destination;
  }

  /** Emitted when events go to another place from now on; null: nowhere for now. */
  get moved(): ISignal<this, Destination | null> {
    return this._moved;
  }

  /** Emitted when another source says who is at work. */
  get identityChanged(): ISignal<this, void> {
    return this._identityChanged;
  }

  /** Send nothing before the settings have been left alone: they are being edited. */
  hold(): void {
    if (this._values.problems.length === 0) {
      this._switchover.hold(this._values);
    }
  }

  /** Read the settings again: JupyterLab tells no page what was set in another one. */
  reload(): void {
    this._options.reload().catch(reason => {
      console.error(
        'ipynb-telemetry: the settings were not read again',
        reason
      );
    });
  }

  private _onChanged(): void {
    const before = this._values.identity;
    this._values = this._read();
    this._switchover.follow(this._values);
    if (this._values.identity !== before) {
      this._identityChanged.emit();
    }
  }

  private _read(): ITelemetrySettings {
    const { settings, trans } = this._options;
    const values = readSettings(settings && valuesInForce(settings), trans, {
      kind: isLite() ? 'browser' : 'collector'
    });
    if (!settings) {
      notify(
        trans.__(
          'Student telemetry is off: its settings hold a value of the wrong kind.'
        )
      );
    }
    const isHeld = this._switchover?.isAt(values.destination) === false;
    const effect = isHeld
      ? trans.__('Events wait in the browser.')
      : isLite()
        ? trans.__('Events stay in this browser.')
        : trans.__('Events stay on this server.');
    values.problems.forEach(problem => notify(`${problem} ${effect}`));
    return values;
  }

  private _values: ITelemetrySettings;
  private readonly _switchover: Switchover;
  private readonly _moved = new Signal<this, Destination | null>(this);
  private readonly _identityChanged = new Signal<this, void>(this);
}

/** The namespace for SettingsFollower statics. */
export namespace SettingsFollower {
  /** The things a follower is made of. */
  export interface IOptions {
    /** The settings, or null when they could not be loaded. */
    readonly settings: ISettingRegistry.ISettings | null;
    /** Reads the settings again, which then tell of their changes. */
    readonly reload: () => Promise<unknown>;
    readonly trans: TranslationBundle;
    readonly clock: IClock;
  }
}

/** A visible notification that stays until it is read; the same one is not shown twice. */
function notify(message: string): void {
  if (!Notification.manager.notifications.some(n => n.message === message)) {
    Notification.error(message, { autoClose: false });
  }
}
