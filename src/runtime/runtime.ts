import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Delivery } from '../capture/delivery';
import { loadPostHog } from '../capture/posthogjs';
import type { IClock } from '../delivery/clock';
import { systemClock } from '../delivery/clock';
import type { IStudent } from '../events/student';
import { hideToken } from '../events/text';
import type { StudentIdentity } from '../identity/identity';
import { beginsBrowserSession } from '../identity/sharedcomputer';
import { Attachments } from '../notebook/attachments';
import type { ITelemetryModel } from '../ui/model';
import { AgreedDelivery } from './agreeddelivery';
import { applicationFacts, shellOf } from './application';
import { Courses } from './courses';
import { FolderCourses } from './foldercourses';
import { FormerEvents } from './formerevents';
import { Gate } from './gate';
import { Handover } from './handover';
import { KernelSettings } from './kernelsettings';
import type { IMemory } from './memory';
import { memoryOf } from './memory';
import { askCollector } from './places';
import { RecordedStudent } from './recordedstudent';
import { Recorder } from './recorder';
import { Rights } from './rights';
import { readSettings } from './settings';
import type { IFollowedSettings } from './settingsfollower';
import { SettingsFollower } from './settingsfollower';
import { SettingsTrial } from './settingstrial';
import { StudentAtWork } from './studentatwork';
import { addStyleSheet } from './style';
import { Whereabouts } from './whereabouts';

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
    const memory = memoryOf(app);
    const isNew = isShared && (await beginsBrowserSession(memory.scope));
    addStyleSheet();
    const runtime = new Runtime(options, memory, posthog);
    if (isNew) {
      runtime._handover.begin();
    }
    return runtime;
  }

  private constructor(
    options: Runtime.IOptions,
    memory: IMemory,
    posthog: Delivery.IOptions['posthog']
  ) {
    const { app, reload, trans, clock = systemClock } = options;
    const { serverSettings, user } = app.serviceManager;
    hideToken(serverSettings.token);
    this.trial = new SettingsTrial({
      settings: () => settings.values,
      serverSettings,
      trans,
      clock
    });
    const settings = new SettingsFollower({
      settings: options.settings,
      reload,
      confirm: words => this.trial.offer(words),
      trans,
      clock
    });
    const gate = new Gate();
    const student = new StudentAtWork({
      memory,
      settings,
      user,
      gate,
      holding: () => this._agreed.holding,
      record: (session, event) => this.recorder.tell(session, event),
      course: () => this.courses.inFront,
      collector: () => askCollector(settings.destination, serverSettings),
      clock,
      destinationWords: () => this.whereabouts.words,
      trans
    });
    const { codes, consents, identity } = student;
    this.identity = identity;
    this._settings = settings;
    this._agreed = new AgreedDelivery({
      memory,
      settings,
      consents,
      serverSettings,
      posthog
    });
    this.delivery = this._agreed.delivery;
    new FormerEvents(identity, this.delivery);
    // After the delivery, so that whoever hears of another place finds it in force.
    this.whereabouts = new Whereabouts({ settings, serverSettings, trans });
    this.delivery.moved.connect(settings.reload, settings);
    if (options.isBeingEdited) {
      settings.hold();
    }
    this.recorder = new Recorder({
      delivery: this._agreed,
      sinceOf: course => consents.sinceOf(course),
      gate,
      identity,
      settings
    });
    const folders = new FolderCourses(memory, consents.records);
    this.attachments = new Attachments({
      commands: app.commands,
      shell: shellOf(app),
      application: applicationFacts(app),
      kernelSettings: new KernelSettings({ codes, gate, identity, settings }),
      recorder: this.recorder,
      courseOf: folder => folders.courseOf(folder),
      admits: course => consents.admits(course)
    });
    this.rights = new Rights({
      ...memory,
      clock,
      codes,
      identity,
      recorder: this.recorder,
      delivery: this.delivery,
      places: () => this._agreed.places,
      isSentAway: () => this.whereabouts.isSentAway,
      isShared: () => this.isShared,
      policy: () => settings.values.pause,
      stop: () => student.forget()
    });
    const { pause } = this.rights;
    this.whereabouts.changed.connect(this.rights.move, this.rights);
    this.delivery.watchesRelay = () => this.attachments.size > 0;
    identity.changed.connect(consents.refresh, consents);
    this._student = new RecordedStudent({
      settings,
      student,
      pause,
      gate,
      attachments: this.attachments
    });
    this._handover = new Handover({
      ...memory,
      clock,
      student,
      rights: this.rights,
      log: this.delivery.log,
      isShared: () => this.isShared,
      ask: () => this.courses.askAll()
    });
    settings.changed.connect(pause.refresh, pause);
    settings.changed.connect(this._handover.refresh, this._handover);
    settings.changed.connect(consents.refresh, consents);
    this.courses = new Courses({
      shell: app.shell,
      settings,
      attachments: this.attachments,
      student,
      clock,
      trans
    });
    window.addEventListener('pagehide', this);
    window.addEventListener('pageshow', this);
  }

  /** Tries the settings out. */
  readonly trial: SettingsTrial;
  readonly whereabouts: Whereabouts;
  readonly identity: StudentIdentity;
  readonly delivery: Delivery;
  readonly recorder: Recorder;
  readonly rights: Rights;
  readonly attachments: Attachments;
  readonly courses: Courses;

  get canRecord(): boolean {
    return this._settings.areReadable;
  }

  get isShared(): boolean {
    return this._settings.values.sharedComputer;
  }

  studentOf(panel: NotebookPanel): IStudent | null {
    return this._student.of(panel);
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
    this.courses.ask(this.attachments.of(panel));
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
      this._agreed.refresh();
      this._student.refresh();
    }
  }

  private readonly _settings: SettingsFollower;
  private readonly _handover: Handover;
  private readonly _agreed: AgreedDelivery;
  private readonly _student: RecordedStudent;
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
