import type { Delivery } from '../capture/delivery';
import type { IClock } from '../delivery/clock';
import type { StudentIdentity } from '../identity/identity';
import {
  PersonCodes,
  readPersonCode,
  spellPersonCode,
  verifierOf
} from '../identity/personcode';
import type {
  IErasure,
  IMyRecords,
  IReceipt,
  IRights,
  ITrouble,
  PausePolicy
} from '../ui/rights';
import { Claims } from './claims';
import { OwnEvents } from './ownevents';
import { Pause } from './pause';
import type { IPlace } from './places';
import type { Recorder } from './recorder';

/** Of a place that may have events of sessions that it does not know to be the student's. */
const UNTOLD = 'This place could not be told which sessions are yours.';

/**
 * The rights of the student at work: to see, to pause, to take along, and to be
 * forgotten. How all places are asked is loaded with the first question.
 */
export class Rights implements IRights {
  constructor(private readonly _options: Rights.IOptions) {
    const { scope, storage, clock, identity, recorder } = _options;
    this._codes = _options.codes;
    this._own = new OwnEvents(_options);
    this.pause = new Pause({
      scope,
      storage,
      clock,
      student: () => identity.student?.id ?? null,
      policy: _options.policy
    });
    this._claims = new Claims({
      scope,
      storage,
      clock,
      codes: this._codes,
      places: _options.places,
      recorded: recorder.recorded
    });
  }

  readonly pause: Pause;

  get code(): string | null {
    const { student } = this._options.identity;
    return student && spellPersonCode(this._codes.codeOf(student.id));
  }

  get unfinished(): IErasure | null {
    return this._unfinished;
  }

  /** Events go to another place: that one is told what it is to know. */
  move(): void {
    this._claims.handleEvent();
  }

  get turn(): number {
    return this._turn;
  }

  /** Somebody else may sit here: nothing is known of anybody any more. */
  handOver(): void {
    this._claims.handOver();
    this._codes.handOver();
    this.pause.handOver();
    this._unfinished = null;
    this._erasing = undefined;
    this._turn++;
  }

  async see(): Promise<IMyRecords> {
    const { student } = this._options.identity;
    if (!student) {
      return { records: [], visits: [], troubles: [], hasMore: false };
    }
    const { readMyRecords } = await import('./myrecords');
    await this._claims.tell(student.id);
    const mine = await readMyRecords({
      student: student.id,
      places: this._placesOf(student.id),
      ask: await this._askFor(student.id),
      undelivered: () => this._own.undelivered(),
      sent: this._own.sent(student.id)
    });
    const untold = this._options
      .places()
      .filter(place => this._claims.isBehind(place, student.id))
      .map(place => ({ place: place.kind, reason: UNTOLD }));
    return { ...mine, troubles: [...mine.troubles, ...untold] };
  }

  async join(text: string): Promise<'no code' | ITrouble | null> {
    const { student } = this._options.identity;
    const code = readPersonCode(text);
    if (!student || code === null) {
      return 'no code';
    }
    const own = this._codes.codeOf(student.id);
    if (own === code) {
      return null;
    }
    const { wordsOf } = await import('./myrecords');
    await this._claims.tell(student.id);
    const places = this._options.places();
    const ask = await this._askFor(student.id);
    for (const place of this._placesOf(student.id)) {
      try {
        // What this browser began so far goes over to the other code.
        await ask(place, 'sessions', {
          verifier: verifierOf(code),
          sessions: []
        });
      } catch (reason) {
        return { place: place.kind, reason: wordsOf(reason) };
      }
    }
    this._codes.join(student.id, code);
    places.forEach(place => this._claims.note(place, student.id));
    return null;
  }

  async forget(): Promise<IErasure> {
    const { delivery, identity, stop } = this._options;
    const student = this._erasing ?? identity.student?.id;
    if (student === undefined) {
      throw new Error('Nobody is at work.');
    }
    const { eraseAt, wordsOf } = await import('./myrecords');
    const before = this._unfinished;
    const isSentAway = before?.isSentAway ?? this._own.sent(student).length > 0;
    // What was captured up to now is claimed first: the places would not know it.
    await this._claims.tell(student);
    this._erasing = student;
    stop();
    const places = this._options
      .places()
      .filter(
        place =>
          this._claims.isKnownAt(place, student) ||
          this._claims.isBehind(place, student)
      );
    const ask = await this._askFor(student);
    const fromBrowser =
      (before?.fromBrowser ?? 0) + (await delivery.forget(student));
    const receipts: IReceipt[] = [...(before?.receipts ?? [])];
    const troubles: ITrouble[] = [];
    for (const place of places) {
      if (receipts.some(receipt => receipt.place === place.kind)) {
        continue;
      }
      if (this._claims.isBehind(place, student)) {
        troubles.push({ place: place.kind, reason: UNTOLD });
        continue;
      }
      try {
        receipts.push(await eraseAt(place, ask));
      } catch (reason) {
        troubles.push({ place: place.kind, reason: wordsOf(reason) });
      }
    }
    const erasure = { receipts, fromBrowser, troubles, student, isSentAway };
    if (troubles.length === 0) {
      // The code goes last: without it nobody could ask again.
      this._claims.forget(student);
      this._codes.forget(student);
      this._erasing = undefined;
    }
    this._unfinished = troubles.length > 0 ? erasure : null;
    return erasure;
  }

  /** The places that can be asked about a student. */
  private _placesOf(student: string): IPlace[] {
    return this._options
      .places()
      .filter(place => this._claims.isKnownAt(place, student));
  }

  private async _askFor(
    student: string
  ): Promise<(place: IPlace, what: string, body?: object) => Promise<unknown>> {
    const { askPlace } = await import('./myrecords');
    const code = this._codes.codeOf(student);
    return (place, what, body) => askPlace(place, code, what, body);
  }

  private readonly _codes: PersonCodes;
  private readonly _claims: Claims;
  private readonly _own: OwnEvents;
  private _unfinished: IErasure | null = null;
  private _erasing: string | undefined;
  private _turn = 0;
}

/** The namespace for Rights statics. */
export namespace Rights {
  /** What rights are made of. */
  export interface IOptions extends OwnEvents.IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly clock: IClock;
    readonly codes: PersonCodes;
    readonly identity: Pick<StudentIdentity, 'student'>;
    readonly recorder: Pick<Recorder, 'recorded'>;
    readonly delivery: Pick<Delivery, 'forget' | 'log' | 'undelivered'>;
    /** Where events are kept at the moment. */
    readonly places: () => ReadonlyArray<IPlace>;
    readonly policy: () => PausePolicy;
    /** Records nothing of the student any more, and forgets the name. */
    readonly stop: () => void;
  }
}
