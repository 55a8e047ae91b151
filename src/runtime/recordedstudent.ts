import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IStudent } from '../events/student';
import type { Attachments } from '../notebook/attachments';
import type { Gate } from './gate';
import type { Pause } from './pause';
import type { SettingsFollower } from './settingsfollower';
import type { StudentAtWork } from './studentatwork';

/**
 * The student whose work is recorded: whoever is at work, unless a pause is taken
 * or the settings cannot be read. All sessions are of that student, or of nobody.
 */
export class RecordedStudent {
  constructor(private readonly _options: RecordedStudent.IOptions) {
    _options.student.consents.changed.connect(this.refresh, this);
    _options.pause.changed.connect(this._onPauseChanged, this);
    this.refresh();
  }

  /** Whose work in a notebook is recorded, or null when nobody's is. */
  of(panel: NotebookPanel): IStudent | null {
    const { attachments, settings, student } = this._options;
    const attachment = attachments.of(panel);
    return settings.areReadable &&
      attachment &&
      student.consents.stateOf(attachment.course) === 'given'
      ? student.identity.shown
      : null;
  }

  /** Another student may be at work, who takes another pause, or none. */
  refresh(): void {
    this._options.pause.refresh();
    this._follow();
  }

  /**
   * A pause begins after it was told, with the end of all sessions, and ends before
   * that is told in new ones: nothing listens in between.
   */
  private _onPauseChanged(): void {
    const { attachments, gate, pause } = this._options;
    const { state } = pause;
    const isOver = gate.reasonFor() === 'paused' && state === null;
    if (state !== null) {
      attachments.record({
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
      attachments.record({ name: 'recording_resumed', properties: {} });
    }
  }

  private _follow(): void {
    const { attachments, gate, pause, settings, student } = this._options;
    const isPaused = pause.state !== null;
    if (!isPaused) {
      gate.open('paused');
    }
    attachments.student =
      settings.areReadable && !isPaused ? student.identity.student : null;
    if (isPaused) {
      gate.close('paused');
    }
  }
}

/** The namespace for RecordedStudent statics. */
export namespace RecordedStudent {
  /** The parts that say whose work is recorded, and those that are told. */
  export interface IOptions {
    readonly settings: Pick<SettingsFollower, 'areReadable'>;
    readonly student: Pick<StudentAtWork, 'consents' | 'identity'>;
    readonly pause: Pick<Pause, 'changed' | 'refresh' | 'state'>;
    readonly gate: Pick<Gate, 'close' | 'open' | 'reasonFor'>;
    readonly attachments: Pick<Attachments, 'of' | 'record' | 'student'>;
  }
}
