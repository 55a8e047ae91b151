import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { Delivery } from '../capture/delivery';
import { Holding } from '../capture/holding';
import { loadPostHog } from '../capture/posthogjs';
import type { IClock } from '../delivery/clock';
import { systemClock } from '../delivery/clock';
import type { IEndpoint } from '../delivery/sending/transport';
import type { IStudent } from '../events/student';
import { hideToken } from '../events/text';
import { StudentIdentity } from '../identity/identity';
import { hashFor, PersonCodes } from '../identity/personcode';
import { beginsBrowserSession } from '../identity/sharedcomputer';
import { Attachments } from '../notebook/attachments';
import type { ITelemetryModel, KeptAt } from '../ui/model';
import { applicationFacts, isLite } from './application';
import type { ICourse } from './consents';
import { Consents } from './consents';
import type { Destination } from './destination';
import {
  addressOf,
  isClassCollector,
  isOfHub,
  isThisComputer,
  wordsFor
} from './destination';
import { Gate } from './gate';
import { Handover } from './handover';
import { KernelSettings } from './kernelsettings';
import { NameQuestion } from './namequestion';
import { placesOf } from './places';
import { Recorder } from './recorder';
import { Rights } from './rights';
import { Routing } from './routing';
import { readSettings } from './settings';
import type { IFollowedSettings } from './settingsfollower';
import { SettingsFollower } from './settingsfollower';
import { addStyleSheet } from './style';
import { termsOf } from './terms';

/** Settings that stay as they are for so long are meant, in milliseconds. */
const SETTLE_MS = 5_000;

/**
 * Everything that is loaded with the first flagged notebook, put together.
 */
export class Runtime implements ITelemetryModel {
  /** Load what is not loaded yet, and put it together. */
  static async create(options: Runtime.IOptions): Promise<Runtime> {
    const { app, settings } = options;
    const loading = loadPostHog();
    if (settings && readSettings(settings).identity === 'jupyter-user') {
      // The account that is signed in counts. Where there is none to be found out,
      // the student is asked.
      await app.serviceManager.user.ready.catch(() => undefined);
    }
    const posthog = await loading;
    const isShared = settings !== null && readSettings(settings).sharedComputer;
    const isNew =
      isShared && (await beginsBrowserSession(Private.scopeOf(app)));
    addStyleSheet();
    const runtime = new Runtime(options, posthog);
    if (isNew) {
      runtime._handover.begin();
    }
    return runtime;
  }

  private constructor(
    private readonly _options: Runtime.IOptions,
    posthog: Delivery.IOptions['posthog']
  ) {
    const { app, settings, reload, trans } = _options;
    const { serverSettings, user } = app.serviceManager;
    const scope = Private.scopeOf(app);
    const storage = Private.storage();
    hideToken(serverSettings.token);
    this._settings = new SettingsFollower({
      settings,
      reload,
      confirm: words => this._confirm(words),
      trans,
      clock: this._clock
    });
    this.consents = new Consents({
      scope,
      storage,
      identity: () => this.identity,
      terms: () => termsOf(this._settings),
      course: () => this._courseInFront,
      ask: about => question.ask(about),
      gate: this.gate,
      holding: () => this._holding,
      record: (session, event) => this.recorder.tell(session, event)
    });
    this._routing = new Routing({
      destination: this._settings.destination,
      addressOf: destination => this._addressOf(destination),
      accepts: destination => this.consents.accepts(destination),
      lead: endpoint => {
        this.delivery.destination = endpoint;
      }
    });
    this.delivery = new Delivery({
      scope,
      storage,
      destination: this._routing.begin(),
      posthog
    });
    this._holding = new Holding(
      course => this.consents.isHeld(course),
      (payload, file) => this.delivery.deliver(payload, file)
    );
    this.delivery.moved.connect(this._settings.reload, this._settings);
    this._settings.moved.connect(this._onMoved, this);
    if (_options.isBeingEdited) {
      this._settings.hold();
    }
    const question = new NameQuestion({
      settings: () => this._settings.values,
      destinationWords: () => this.destinationWords,
      user,
      join: (person, code) => this.codes.join(person, code),
      trans
    });
    this.codes = new PersonCodes(scope, storage);
    this.identity = new StudentIdentity({
      scope,
      storage,
      assigned: () => question.assigned,
      takesAny: () => this._settings.values.names === 'any',
      prompt: (known, signal) => this.consents.prompt(known, signal)
    });
    this._settings.readableChanged.connect(this._onReadableChanged, this);
    this._settings.identityChanged.connect(
      this.identity.refresh,
      this.identity
    );
    this.recorder = new Recorder({
      delivery: {
        deliver: (payload, file, course) =>
          this._holding.deliver(payload, file, course),
        lost: this.delivery.lost
      },
      sinceOf: course => this.consents.sinceOf(course),
      gate: this.gate,
      identity: this.identity,
      settings: this._settings
    });
    this.attachments = new Attachments({
      commands: app.commands,
      shell: {
        get currentWidget() {
          return app.shell.currentWidget;
        },
        currentChanged: app.shell.currentChanged ?? new Signal(app.shell)
      },
      application: applicationFacts(app),
      kernelSettings: new KernelSettings({
        gate: this.gate,
        identity: this.identity,
        settings: this._settings
      }),
      recorder: this.recorder,
      // The folder itself is nobody's business.
      courseOf: folder => hashFor('course', folder).slice(0, 16),
      admits: course => this.consents.admits(course)
    });
    this.rights = new Rights({
      scope,
      storage,
      clock: this._clock,
      codes: this.codes,
      identity: this.identity,
      recorder: this.recorder,
      delivery: this.delivery,
      places: () =>
        this._routing.isOpen
          ? placesOf(this._settings.destination, serverSettings)
          : [],
      isSentAway: () => this.keptAt === null && !this.isClass,
      policy: () => this._settings.values.pause,
      stop: () => {
        this.consents.forget();
        this.identity.forget();
      }
    });
    this._destinationChanged.connect(this.rights.move, this.rights);
    this.rights.pause.changed.connect(this._onPauseChanged, this);
    this._settings.changed.connect(
      this.rights.pause.refresh,
      this.rights.pause
    );
    this.delivery.watchesRelay = () => this.attachments.size > 0;
    this.identity.changed.connect(this.consents.refresh, this.consents);
    this.consents.changed.connect(this._onStudentChanged, this);
    this._settings.changed.connect(this._onTermsChanged, this);
    this._onStudentChanged();
    this._handover = new Handover({
      scope,
      storage,
      clock: this._clock,
      identity: this.identity,
      codes: this.codes,
      consents: this.consents,
      log: this.delivery.log,
      isShared: () => this.isShared,
      ask: () => this._ensureAll()
    });
    window.addEventListener('pagehide', this);
    window.addEventListener('pageshow', this);
  }

  readonly identity: StudentIdentity;
  readonly consents: Consents;
  readonly delivery: Delivery;
  /** Whether events may be made at the moment. */
  readonly gate = new Gate();
  readonly recorder: Recorder;
  readonly rights: Rights;
  /** The codes by which sessions are a person's. */
  readonly codes: PersonCodes;
  readonly attachments: Attachments;

  get canRecord(): boolean {
    return this._settings.areReadable;
  }

  get destinationChanged(): ISignal<this, void> {
    return this._destinationChanged;
  }

  get isDirect(): boolean {
    const { destination } = this._settings;
    return destination.kind === 'posthog' && !destination.relay && !isLite();
  }

  get isClass(): boolean {
    return isClassCollector(this._settings.destination);
  }

  get isShared(): boolean {
    return this._settings.values.sharedComputer;
  }

  get isOfHub(): boolean {
    return isOfHub(this._settings.destination);
  }

  get keptAt(): KeptAt {
    const { serverSettings } = this._options.app.serviceManager;
    switch (this._settings.destination.kind) {
      case 'browser':
        return 'browser';
      case 'collector':
        return isThisComputer(serverSettings) ? 'computer' : 'server';
      default:
        return null;
    }
  }

  get destinationWords(): string {
    const { app, trans } = this._options;
    const { serverSettings } = app.serviceManager;
    return wordsFor(this._settings.destination, serverSettings, trans);
  }

  studentOf(panel: NotebookPanel): IStudent | null {
    const attachment = this.attachments.of(panel);
    return this.canRecord &&
      attachment &&
      this.consents.stateOf(attachment.course) === 'given'
      ? this.identity.student
      : null;
  }

  /** Load panel and status item: from here, so that their chunk has nothing that this one has. */
  loadUI(): Promise<typeof import('../ui')> {
    return import('../ui');
  }

  /**
   * Track a panel, asking for a name when none is known.
   *
   * @param called - the id of a call in the notebook's kernel; without it, the
   * notebook is flagged or tracked already
   */
  attach(panel: NotebookPanel, called?: string): void {
    this.attachments.attach(panel, called);
    this._ensureStudent(this.attachments.of(panel));
  }

  /** Ask whether to withdraw the consent in the course of the notebook in front, and do so. */
  async withdrawConsent(): Promise<void> {
    const { trans } = this._options;
    const { student } = this.identity;
    const course = this._courseInFront?.course;
    const { confirmWithdrawal, tellWithdrawn } =
      await import('../identity/withdrawal');
    const isGiven =
      student !== null &&
      course !== undefined &&
      this.consents.stateOf(course) === 'given';
    if (!isGiven) {
      tellWithdrawn(false, trans);
    } else if (await confirmWithdrawal(student.name, trans)) {
      this.consents.withdraw(course);
      tellWithdrawn(true, trans);
    }
  }

  /** Send an event of no student to where the settings say, and show what came of it. */
  async sendTestEvent(): Promise<void> {
    const { destination, refusals } = this._settings.values;
    const { trans } = this._options;
    if (refusals.length > 0) {
      const words = await import('./advice');
      Notification.error(refusals[0].tell(words, trans), { autoClose: 10_000 });
    } else {
      const endpoint = this._addressOf(destination);
      const { sendTestEvent } = await import('./advice');
      await sendTestEvent(destination, endpoint, trans, this._clock, () => {
        void this.sendTestEvent();
      });
    }
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
      // A page in the browser's cache is not told of a name given in another one.
      this.identity.refresh();
      this._onStudentChanged();
    }
  }

  private _confirm(words: string): void {
    Notification.success(words, {
      autoClose: 10_000,
      actions: [
        {
          label: this._options.trans.__('Send a test event'),
          callback: () => {
            this.sendTestEvent().catch(reason => {
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

  private _ensureStudent(course?: ICourse): void {
    if (this.canRecord && course) {
      this.consents.ensure(course).catch(reason => {
        console.error('ipynb-telemetry: the name prompt failed', reason);
      });
    }
  }

  /** Whoever opened a notebook while the settings were not readable was not asked. */
  private _onReadableChanged(): void {
    this._ensureAll();
  }

  /** Another notice, destination or recording holds at once, and is asked about once it is left alone. */
  private _onTermsChanged(): void {
    this._handover.refresh();
    this.consents.refresh();
    this._cancelQuestion();
    this._cancelQuestion = this._clock.after(SETTLE_MS, () =>
      this._ensureAll()
    );
  }

  private _ensureAll(): void {
    for (const attachment of this.attachments.all) {
      this._ensureStudent(attachment);
    }
  }

  private _onStudentChanged(): void {
    this._routing.refresh();
    // Another student takes another pause, or none.
    this.rights.pause.refresh();
    this._follow();
  }

  /**
   * A pause begins after it was told, with the end of all sessions, and ends before
   * that is told in new ones: nothing listens in between.
   */
  private _onPauseChanged(): void {
    const { state } = this.rights.pause;
    const isOver = this.gate.reasonFor() === 'paused' && state === null;
    if (state !== null) {
      this.attachments.record({
        name: 'recording_paused',
        properties: {
          kind: state.kind,
          until:
            state.until === null ? null : new Date(state.until).toISOString()
        }
      });
    }
    this._follow();
    if (isOver) {
      this.attachments.record({ name: 'recording_resumed', properties: {} });
    }
  }

  private _follow(): void {
    const isPaused = this.rights.pause.state !== null;
    if (!isPaused) {
      this.gate.open('paused');
    }
    this.attachments.student =
      this.canRecord && !isPaused ? this.identity.student : null;
    if (isPaused) {
      this.gate.close('paused');
    }
  }

  /** The course of the notebook in front, else of any that is tracked. */
  private get _courseInFront(): ICourse | null {
    const panel = this._options.app.shell.currentWidget as NotebookPanel;
    const [first = null] = this.attachments.all;
    return this.attachments.of(panel) ?? first;
  }

  private _onMoved(_: unknown, destination: Destination | null): void {
    this._routing.destination = destination;
    this._destinationChanged.emit();
    if (destination) {
      this._ensureAll();
    }
  }

  private _addressOf(destination: Destination): IEndpoint {
    const { serverSettings } = this._options.app.serviceManager;
    return addressOf(destination, serverSettings);
  }

  private get _clock(): IClock {
    return this._options.clock ?? systemClock;
  }

  private readonly _settings: SettingsFollower;
  private readonly _handover: Handover;
  private readonly _routing: Routing;
  private readonly _holding: Holding;
  private _cancelQuestion = (): void => undefined;
  private readonly _destinationChanged = new Signal<this, void>(this);
}

/** The namespace for Runtime statics. */
export namespace Runtime {
  /** What a runtime is made of. */
  export interface IOptions {
    readonly app: JupyterFrontEnd;
    /** The settings, or null when they could not be loaded. */
    readonly settings: IFollowedSettings | null;
    /** Whether the runtime is loaded because somebody changes the settings. */
    readonly isBeingEdited: boolean;
    /** Reads the settings again, which then tell of their changes. */
    readonly reload: () => Promise<unknown>;
    readonly trans: TranslationBundle;
    /** Default: the system's clock. */
    readonly clock?: IClock;
  }
}

namespace Private {
  /** Two people behind one hub's origin share neither a name nor an event. */
  export function scopeOf(app: JupyterFrontEnd): string {
    const { baseUrl } = app.serviceManager.serverSettings;
    return `${baseUrl}|${PageConfig.getOption('hubUser')}`;
  }

  /** The browser's storage, or null: in a frame of another site the mere look at the storage may throw. */
  export function storage(): Storage | null {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  }
}
