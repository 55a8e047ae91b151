import type { DeliveryLog } from '../capture/log';
import type { IClock } from '../delivery/clock';
import type { StudentIdentity } from '../identity/identity';
import type { PersonCodes } from '../identity/personcode';
import { SharedComputer } from '../identity/sharedcomputer';
import type { Consents } from './consents';

/**
 * Hands a shared computer from one student to the next: forgets who was at work,
 * shows nothing more of it, and has the next one asked. What still waits is sent
 * under the former's own name.
 */
export class Handover {
  constructor(private readonly _options: Handover.IOptions) {
    _options.identity.changed.connect(this._onIdentityChanged, this);
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
    const { codes, identity, consents } = this._options;
    const { student } = identity;
    if (student) {
      codes.forget(student.id);
      identity.handOver();
    }
    consents.forgetNobody();
    this._ask();
  }

  /** Another page may have handed over. */
  private _onIdentityChanged(): void {
    const { identity, isShared } = this._options;
    if (isShared() && identity.student === null) {
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
    readonly identity: Pick<
      StudentIdentity,
      'student' | 'changed' | 'handOver'
    >;
    readonly codes: Pick<PersonCodes, 'forget'>;
    readonly consents: Pick<Consents, 'forgetNobody'>;
    /** The events that are shown in this page. */
    readonly log: Pick<DeliveryLog, 'clear'>;
    /** Whether students share this computer, by the settings of the moment. */
    readonly isShared: () => boolean;
    /** Asks who is at work, where a notebook is recorded. */
    readonly ask: () => void;
  }
}
