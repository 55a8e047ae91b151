import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Delivery } from '../capture/delivery';
import { loadPostHog } from '../capture/posthogjs';
import type { IClock } from '../delivery/clock';
import { systemClock } from '../delivery/clock';
import type { IEndpoint } from '../delivery/sending/transport';
import type { EventName, Properties } from '../events/catalog';
import type { IOrigin } from '../events/payload';
import type { ISession } from '../events/session';
import { hideToken } from '../events/text';
import { StudentIdentity } from '../identity/identity';
import type { IJupyterUser } from '../identity/jupyteruser';
import { readJupyterUser } from '../identity/jupyteruser';
import type { INames } from '../identity/name';
import { makeStudent } from '../identity/name';
import type { NotebookAttachment } from '../notebook/attachment';
import { Attachments } from '../notebook/attachments';
import { applicationFacts, isLite } from './application';
import type { Destination } from './destination';
import { addressOf, wordsFor } from './destination';
import type { ITelemetrySettings } from './settings';
import { readSettings, valuesInForce } from './settings';
import { Switchover } from './switchover';
import '../../style/base.css';

/**
 * Everything that is loaded with the first flagged notebook, put together.
 */
export class Runtime implements NotebookAttachment.ISink {
  /** Load what is not loaded yet, and put it together. */
  static async create(options: Runtime.IOptions): Promise<Runtime> {
    const { app, settings, trans } = options;
    const loading = loadPostHog();
    const values = settings && valuesInForce(settings);
    if (readSettings(values, trans).identity === 'jupyter-user') {
      // Who is signed in counts. Who cannot be found out is asked.
      await app.serviceManager.user.ready.catch(() => undefined);
    }
    return new Runtime(options, await loading);
  }

  private constructor(
    private readonly _options: Runtime.IOptions,
    posthog: Delivery.IOptions['posthog']
  ) {
    const { app, settings } = _options;
    this._settings = this._readSettings();
    const { destination } = this._settings;
    this._switchover = new Switchover(
      destination,
      _options.clock ?? systemClock,
      moved => this._onMoved(moved)
    );
    this.attachments = new Attachments({
      commands: app.commands,
      shell: {
        get currentWidget() {
          return app.shell.currentWidget;
        },
        currentChanged: app.shell.currentChanged ?? new Signal(app.shell)
      },
      application: applicationFacts(app),
      sink: this
    });
    // Two people behind one hub's origin share neither a name nor an event.
    const { baseUrl, token } = app.serviceManager.serverSettings;
    hideToken(token);
    const scope = `${baseUrl}|${PageConfig.getOption('hubUser')}`;
    this.delivery = new Delivery({
      scope,
      destination: this._addressOf(destination),
      storage: Private.storage(),
      posthog,
      watchesRelay: () => this.attachments.size > 0,
      onLoss: ({ session, properties }) => {
        this.capture(session, 'events_dropped', properties);
      },
      onMoved: () => this._reloadSettings()
    });
    if (_options.isBeingEdited && this._settings.problems.length === 0) {
      this._switchover.hold(this._settings);
    }
    this.identity = new StudentIdentity({
      scope,
      storage: Private.storage(),
      assigned: () => this._jupyterUser?.names ?? null,
      prompt: (known, signal) => this._askForName(known, signal)
    });
    settings?.changed.connect(this._onSettingsChanged, this);
    this.identity.changed.connect(this._onStudentChanged, this);
    this._onStudentChanged();
    window.addEventListener('pagehide', this);
    window.addEventListener('pageshow', this);
  }

  readonly identity: StudentIdentity;
  readonly delivery: Delivery;
  readonly attachments: Attachments;

  /** What events may hold, by the settings of the moment. */
  get rules(): ITelemetrySettings {
    return this._settings;
  }

  /**
   * Whether the settings could be read. Without them nobody knows what may be
   * recorded, where it goes and what the students are told: nothing is.
   */
  get canRecord(): boolean {
    return this._options.settings !== null;
  }

  /** Emitted when events go to another place from now on. */
  get destinationChanged(): ISignal<this, void> {
    return this._destinationChanged;
  }

  /** Panel and status item. Loaded from here, so that no chunk has what this one has. */
  loadUI(): Promise<typeof import('../ui')> {
    return import('../ui');
  }

  /** Whether events are sent nowhere, since there is no server and no key. */
  get staysHere(): boolean {
    return this._switchover.destination.kind === 'browser';
  }

  /** Whether the browser sends itself what the Jupyter server could send. */
  get isDirect(): boolean {
    const { destination } = this._switchover;
    return destination.kind === 'posthog' && !destination.relay && !isLite();
  }

  /** Where events go, in words for the student. */
  get destinationWords(): string {
    return wordsFor(this._switchover.destination, this._options.trans);
  }

  /**
   * Track a panel, asking for a name when none is known.
   *
   * @param called - the id of a call in the notebook's kernel; without it, the
   * notebook is flagged or tracked already
   */
  attach(panel: NotebookPanel, called?: string): void {
    this.attachments.attach(panel, called);
    if (!this.canRecord) {
      return;
    }
    void this.identity.ensure().catch(reason => {
      console.error('ipynb-telemetry: the name prompt failed', reason);
    });
  }

  capture<E extends EventName>(
    session: ISession,
    event: E,
    properties: Properties<E>,
    origin?: IOrigin
  ): boolean {
    return (
      this._mayCapture(event, origin) &&
      this.delivery.capture(session, event, properties, origin)
    );
  }

  captureCustom(
    session: ISession,
    name: string,
    properties: unknown,
    origin?: IOrigin
  ): boolean {
    return (
      this._mayCapture(name, origin) &&
      this.delivery.captureCustom(session, name, properties, origin)
    );
  }

  /** The page is being left, or is shown again by a browser that had kept it. */
  handleEvent(event: PageTransitionEvent): void {
    if (event.type === 'pagehide') {
      try {
        this.attachments.leave();
      } finally {
        this.delivery.leave();
      }
    } else if (event.persisted) {
      this._onStudentChanged();
    }
  }

  /** What a kernel kept while the student had declined is for nobody. */
  private _mayCapture(name: string, origin?: IOrigin): boolean {
    return (
      !this._settings.disabledEvents.has(name) &&
      !(origin && Date.parse(String(origin.timestamp)) < this._agreedAt)
    );
  }

  private _onStudentChanged(): void {
    if (this.identity.declined) {
      this._agreedAt = Infinity;
    } else if (this.identity.student && this._agreedAt === Infinity) {
      this._agreedAt = Date.now();
    }
    this.attachments.student = this.canRecord ? this.identity.student : null;
  }

  private _onSettingsChanged(): void {
    const before = this._settings.identity;
    this._settings = this._readSettings();
    this._switchover.follow(this._settings);
    if (this._settings.identity !== before) {
      this.identity.refresh();
    }
  }

  private _onMoved(destination: Destination | null): void {
    this.delivery.destination = destination && this._addressOf(destination);
    this._destinationChanged.emit();
  }

  private async _askForName(
    known: INames | null,
    signal: AbortSignal
  ): Promise<INames | null> {
    const { trans } = this._options;
    const notice = this._settings.privacyNotice;
    const destination = this.destinationWords;
    const user = this._jupyterUser;
    const student =
      user?.names && makeStudent(user.names.first, user.names.last);
    if (user && student) {
      const { confirmName } = await import('../identity/nameconfirm');
      const { username } = user;
      const { name } = student;
      const options = { trans, notice, destination, username, name, signal };
      return (await confirmName(options)) ? user.names : null;
    }
    const { promptForName } = await import('../identity/nameprompt');
    return promptForName({
      trans,
      notice,
      destination,
      known: known ?? user?.suggestion ?? null,
      signal
    });
  }

  /** Who is signed in, where that counts. */
  private get _jupyterUser(): IJupyterUser | null {
    if (this._settings.identity === 'prompt') {
      return null;
    }
    const { identity } = this._options.app.serviceManager.user;
    return readJupyterUser(
      identity?.username ?? PageConfig.getOption('hubUser'),
      identity?.name ?? ''
    );
  }

  /** JupyterLab tells no page what was set in another one. */
  private _reloadSettings(): void {
    this._options.reload().catch(reason => {
      console.error(
        'ipynb-telemetry: the settings were not read again',
        reason
      );
    });
  }

  private _readSettings(): ITelemetrySettings {
    const { settings, trans } = this._options;
    const read = readSettings(settings && valuesInForce(settings), trans, {
      kind: isLite() ? 'browser' : 'collector'
    });
    if (!settings) {
      Private.notify(
        trans.__(
          'Student telemetry is off: its settings hold a value of the wrong kind.'
        )
      );
    }
    const isHeld = this._switchover?.isAt(read.destination) === false;
    const effect = isHeld
      ? trans.__('Events wait in the browser.')
      : isLite()
        ? trans.__('Events stay in this browser.')
        : trans.__('Events stay on this server.');
    read.problems.forEach(problem => Private.notify(`${problem} ${effect}`));
    return read;
  }

  private _addressOf(destination: Destination): IEndpoint {
    const { serverSettings } = this._options.app.serviceManager;
    return addressOf(destination, serverSettings);
  }

  private readonly _destinationChanged = new Signal<this, void>(this);
  private _settings: ITelemetrySettings;
  private readonly _switchover: Switchover;
  /** When the student thought better of declining, by `Date.now()`. */
  private _agreedAt = -Infinity;
}

/** The namespace for Runtime statics. */
export namespace Runtime {
  /** What a runtime is made of. */
  export interface IOptions {
    readonly app: JupyterFrontEnd;
    /** Null when they could not be loaded. */
    readonly settings: ISettingRegistry.ISettings | null;
    /** Whether it is a change of the settings that it is loaded for. */
    readonly isBeingEdited: boolean;
    /** Reads the settings again; they tell of what changed. */
    readonly reload: () => Promise<unknown>;
    readonly trans: TranslationBundle;
    /** Default: the system's. */
    readonly clock?: IClock;
  }
}

namespace Private {
  /** In a frame of another site the mere look at it may throw. */
  export function storage(): Storage | null {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  }

  /** A visible notification that stays until it is read; the same one is not shown twice. */
  export function notify(message: string): void {
    if (!Notification.manager.notifications.some(n => n.message === message)) {
      Notification.error(message, { autoClose: false });
    }
  }
}
