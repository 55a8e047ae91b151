import type { DeliveryLog } from '../capture/log';
import type { IClock } from '../delivery/clock';
import { SharedComputer } from '../identity/sharedcomputer';
import type { Rights } from './rights';
import type { StudentAtWork } from './studentatwork';

/**
 * Hands a shared computer from one student to the next: forgets who was at work
 * with all that was known of them, shows nothing more of it, and has the next one
 * asked. What still waits is sent under the former's own name.
 */
export class Handover {
  constructor(private readonly _options: Handover.IOptions) {
    _options.student.identity.changed.connect(this._onIdentityChanged, this);
    this.refresh();
  }

  /** Watch a computer that students share, and no other one. */
  refresh(): void {
    const { scope, storage, clock, isShared } = this._options;
    if (!isShared()) {
      this._watch?.dispose();
      this._watch = null;
      return;
    }
    this._watch ??= new SharedComputer({
      scope,
      storage,
      after: (ms, callback) => clock.after(ms, callback),
      idle: () => this.begin()
    });
  }

  /** Somebody else may sit here. */
  begin(): void {
    const { rights, student } = this._options;
    if (student.identity.student) {
      student.identity.handOver();
    }
    student.answers.handOver();
    rights.handOver();
    this._ask();
  }

  /** Another page may have handed over, unless the student wished to be forgotten. */
  private _onIdentityChanged(): void {
    const { isShared, rights, student } = this._options;
    if (isShared() && student.identity.student === null) {
      // The erasure of whoever is being forgotten still needs the code.
      if (!student.identity.declined) {
        rights.handOver();
      }
      this._ask();
    }
  }

  private _ask(): void {
    this._options.log.clear();
    this._options.ask();
  }

  private _watch: SharedComputer | null = null;
}

/** The namespace for Handover statics. */
export namespace Handover {
  /** The parts of a handover. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly clock: IClock;
    readonly student: Pick<StudentAtWork, 'answers' | 'identity'>;
    readonly rights: Pick<Rights, 'handOver'>;
    /** The events that are shown in this page. */
    readonly log: Pick<DeliveryLog, 'clear'>;
    /** Whether students share this computer, by the settings of the moment. */
    readonly isShared: () => boolean;
    /** Asks who is at work, where a notebook is recorded. */
    readonly ask: () => void;
  }
}
