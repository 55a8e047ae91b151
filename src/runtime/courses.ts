import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClock } from '../delivery/clock';
import type { Attachments } from '../notebook/attachments';
import type { ICourse } from './consents';
import type { Destination } from './destination';
import type { SettingsFollower } from './settingsfollower';
import type { StudentAtWork } from './studentatwork';

/** Settings that stay as they are for so long are meant, in milliseconds. */
const SETTLE_MS = 5_000;

/**
 * The courses of the notebooks that are tracked: students are asked about each, and
 * asked again when the settings become other ones.
 */
export class Courses {
  constructor(private readonly _options: Courses.IOptions) {
    const { settings } = _options;
    settings.readableChanged.connect(this._onReadableChanged, this);
    settings.moved.connect(this._onMoved, this);
    settings.changed.connect(this._onTermsChanged, this);
  }

  /** The course of the notebook in front, else of any that is tracked. */
  get inFront(): ICourse | null {
    const { attachments, shell } = this._options;
    const [first = null] = attachments.all;
    return attachments.of(shell.currentWidget as NotebookPanel) ?? first;
  }

  /** Ask about the course of a notebook, unless it is answered. */
  ask(course: ICourse | undefined): void {
    const { settings, student } = this._options;
    if (settings.areReadable && course) {
      student.questions.ensure(course).catch(reason => {
        console.error('ipynb-telemetry: the name prompt failed', reason);
      });
    }
  }

  /** Ask about the course of every notebook that is tracked. */
  askAll(): void {
    for (const attachment of this._options.attachments.all) {
      this.ask(attachment);
    }
  }

  /** Ask whether to withdraw the consent in the course of the notebook in front, and do so. */
  async withdraw(): Promise<void> {
    const { trans } = this._options;
    const { answers, consents, identity } = this._options.student;
    const { shown } = identity;
    const course = this.inFront?.course;
    const { confirmWithdrawal, tellWithdrawn } =
      await import('../identity/withdrawal');
    const isGiven =
      shown !== null &&
      course !== undefined &&
      consents.stateOf(course) === 'given';
    if (!isGiven) {
      tellWithdrawn(false, trans);
    } else if (await confirmWithdrawal(shown.name, trans)) {
      answers.withdraw(course);
      tellWithdrawn(true, trans);
    }
  }

  /** Whoever opened a notebook while the settings were not readable was not asked. */
  private _onReadableChanged(): void {
    this.askAll();
  }

  private _onMoved(_: unknown, destination: Destination | null): void {
    if (destination) {
      this.askAll();
    }
  }

  /** Another notice, destination or recording is asked about once it is left alone. */
  private _onTermsChanged(): void {
    this._cancel();
    this._cancel = this._options.clock.after(SETTLE_MS, () => this.askAll());
  }

  private _cancel = (): void => undefined;
}

/** The namespace for Courses statics. */
export namespace Courses {
  /** What the questions about courses depend on. */
  export interface IOptions {
    readonly shell: Pick<JupyterFrontEnd.IShell, 'currentWidget'>;
    readonly settings: Pick<
      SettingsFollower,
      'areReadable' | 'changed' | 'moved' | 'readableChanged'
    >;
    readonly attachments: Pick<Attachments, 'all' | 'of'>;
    readonly student: Pick<
      StudentAtWork,
      'answers' | 'consents' | 'identity' | 'questions'
    >;
    readonly clock: IClock;
    readonly trans: TranslationBundle;
  }
}
