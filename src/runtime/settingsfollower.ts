import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IClock } from '../delivery/clock';
import { setSecretRules } from '../events/secrets';
import { isLite } from './application';
import type { Destination } from './destination';
import { wordsOfPlace } from './destination';
import { hubCollector } from './hubcollector';
import type { ISettingsSource, ITelemetrySettings } from './settings';
import { readSettings } from './settings';
import type { Values } from './settingskind';
import type { INotice } from './settingsnotices';
import { Notices } from './settingsnotices';
import { Switchover } from './switchover';

/** The settings, which tell of their changes. */
export interface IFollowedSettings extends ISettingsSource {
  /** What the user had changed when the page was opened. */
  readonly before: Values;
  readonly changed: ISignal<unknown, unknown>;
}

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
      destination => this._onMoved(destination)
    );
    this._confirmed = wordsOfPlace(
      this._valuesOf(_options.settings?.before).destination,
      _options.trans
    );
    _options.settings?.changed.connect(this._onChanged, this);
  }

  get values(): ITelemetrySettings {
    return this._values;
  }

  /**
   * Whether the settings say what may be recorded, and what the students are
   * told. Where they do not, nothing is recorded.
   */
  get areReadable(): boolean {
    return this._options.settings !== null && !this._values.isOff;
  }

  /** Where events go, now or once the settings are right. */
  get destination(): Destination {
    return this._switchover.destination;
  }

  /** Emitted when the settings were read anew. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when events go to another place from now on; null: nowhere for now. */
  get moved(): ISignal<this, Destination | null> {
    return this._moved;
  }

  /** Emitted when the settings become readable, or are so no more. */
  get readableChanged(): ISignal<this, void> {
    return this._readableChanged;
  }

  /** Emitted when another source says who is at work. */
  get identityChanged(): ISignal<this, void> {
    return this._identityChanged;
  }

  /** Send nothing before the settings have been left alone: they are being edited. */
  hold(): void {
    if (this._values.refusals.length === 0) {
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
    const { identity, names } = this._values;
    const wereReadable = this.areReadable;
    this._values = this._read();
    this._switchover.follow(this._values);
    if (this._values.identity !== identity || this._values.names !== names) {
      this._identityChanged.emit();
    }
    if (this.areReadable !== wereReadable) {
      this._readableChanged.emit();
    }
    this._changed.emit();
  }

  private _onMoved(destination: Destination | null): void {
    this._moved.emit(destination);
    this._changed.emit();
    const { confirm, trans } = this._options;
    if (destination) {
      const words = wordsOfPlace(destination, trans);
      if (words !== this._confirmed) {
        this._confirmed = words;
        confirm(trans.__('Saved: %1', words));
      }
    }
  }

  private _read(): ITelemetrySettings {
    const values = this._valuesOf(this._options.settings?.user);
    setSecretRules(values.secretPatterns, values.keepSecrets);
    this._show(values).catch(reason => {
      console.error(
        'ipynb-telemetry: what is wrong with the settings is not shown',
        reason
      );
    });
    return values;
  }

  /** Show what is wrong, or no more what was. The words are loaded when they are needed. */
  private async _show(values: ITelemetrySettings): Promise<void> {
    const { settings, trans } = this._options;
    const { faults, refusals } = values;
    this._shown = values;
    const isHeld = this._switchover?.isAt(values.destination) === false;
    const notices = settings ? [] : [this._unreadable];
    if (faults.length + refusals.length > 0) {
      const words = await import('./advice');
      if (this._shown !== values) {
        return;
      }
      const effect = isHeld
        ? trans.__('Events wait in the browser.')
        : isLite()
          ? trans.__('Events stay in this browser.')
          : trans.__('Events stay on this server.');
      notices.push(
        ...refusals.map(({ tell }) => ({
          message: `${tell(words, trans)} ${effect}`,
          isOwn: true
        })),
        // A student who cannot mend the settings is not to take it for a fault of theirs.
        ...faults.map(({ tell, isOwn }) => ({
          message: isOwn
            ? tell(words, trans)
            : trans.__('For the administrator: %1', tell(words, trans)),
          isOwn
        }))
      );
    }
    this._notices.show(notices);
  }

  private get _unreadable(): INotice {
    return {
      message: this._options.trans.__(
        'Student telemetry is off. For the administrator: its settings cannot be read; “jupyter telemetry doctor” says why.'
      ),
      isOwn: false
    };
  }

  private _valuesOf(user: Values = {}): ITelemetrySettings {
    const properties = this._options.settings?.properties ?? {};
    return readSettings(
      { properties, user },
      { kind: isLite() ? 'browser' : 'collector' },
      hubCollector() ?? undefined
    );
  }

  private readonly _notices = new Notices();
  private _values: ITelemetrySettings;
  /** The settings of which it is shown, or to be shown, what is wrong. */
  private _shown: ITelemetrySettings | null = null;
  private readonly _switchover: Switchover;
  private readonly _moved = new Signal<this, Destination | null>(this);
  private readonly _identityChanged = new Signal<this, void>(this);
  private readonly _changed = new Signal<this, void>(this);
  private readonly _readableChanged = new Signal<this, void>(this);
  /** Where events go, in the words that were last said or need not be. */
  private _confirmed: string;
}

/** The namespace for SettingsFollower statics. */
export namespace SettingsFollower {
  /** The things a follower is made of. */
  export interface IOptions {
    /** The settings, or null when they could not be loaded. */
    readonly settings: IFollowedSettings | null;
    /** Reads the settings again, which then tell of their changes. */
    readonly reload: () => Promise<unknown>;
    /** Tells that events go to another place, since the settings were changed. */
    readonly confirm: (words: string) => void;
    readonly trans: TranslationBundle;
    readonly clock: IClock;
  }
}
