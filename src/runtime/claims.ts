import type { ISignal } from '@lumino/signaling';
import type { IClock } from '../delivery/clock';
import type { IPayload } from '../events/payload';
import type { PersonCodes } from '../identity/personcode';
import { verifierOf } from '../identity/personcode';
import { keysOf, removeAll } from '../identity/storagekeys';
import type { IPlace } from './places';

/** So many sessions go into one request. */
const CHUNK = 500;
/** The most sessions that a browser remembers of a person. */
const MAX_SESSIONS = 5_000;
/** A session that has begun is told of so much later, in milliseconds. */
const SOON_MS = 1_000;
/** A place that did not answer is asked again so much later, in milliseconds. */
const AGAIN_MS = 60_000;

/** The sessions of a person in this browser. */
interface IStored {
  /** Their ids, oldest first. */
  readonly sessions: ReadonlyArray<string>;
  /** How many of them each place knows to be the person's; 0: it knows the person. */
  readonly claimed: Readonly<Record<string, number>>;
}

const NOTHING: IStored = { sessions: [], claimed: {} };

/**
 * Tells the places that keep events which sessions are a person's, as long as
 * nobody else can know their ids: the first claim of a session counts. A place
 * that cannot be reached is told later.
 */
export class Claims {
  constructor(private readonly _options: Claims.IOptions) {
    _options.recorded.connect(this._onRecorded, this);
    window.addEventListener('online', this);
  }

  /** Whether a place has been told of the person, and so can be asked about them. */
  isKnownAt(place: IPlace, person: string): boolean {
    return place.key in this._read(person).claimed;
  }

  /** Whether a place has not been told yet of all that the person began in this browser. */
  isBehind(place: IPlace, person: string): boolean {
    const { sessions, claimed } = this._read(person);
    return sessions.length > (claimed[place.key] ?? 0);
  }

  /** Tell places what they have not been told yet; settles when that was tried. */
  async tell(person: string): Promise<void> {
    // In turn: two claims of the same sessions at once would be no use.
    this._telling = this._telling.then(() => this._tell(person));
    return this._telling;
  }

  /** A place knows the person, since the person's code says so there. */
  note(place: IPlace, person: string): void {
    const { sessions, claimed } = this._read(person);
    this._write(person, {
      sessions,
      claimed: { [place.key]: 0, ...claimed }
    });
  }

  /** The places are to be told anew, by another code. */
  restart(person: string): void {
    this._write(person, { ...this._read(person), claimed: {} });
  }

  /** Forget a person's sessions. */
  forget(person: string): void {
    this._inPage.delete(person);
    try {
      this._options.storage?.removeItem(this._keyOf(person));
    } catch {
      // A storage that is forbidden has nothing of the person, either.
    }
  }

  /**
   * Forget everybody's sessions: somebody else may sit here. Places are told once of
   * those that they do not know yet, as long as the codes are known.
   */
  handOver(): void {
    const { storage, codes, places } = this._options;
    const people = keysOf(storage, this._prefix).map(key =>
      key.slice(this._prefix.length)
    );
    for (const person of new Set([...people, ...this._inPage.keys()])) {
      const { sessions, claimed } = this._read(person);
      const code = codes.knownOf(person);
      for (const place of code === null ? [] : places()) {
        const left = sessions.slice(claimed[place.key] ?? 0).slice(-CHUNK);
        if (left.length > 0) {
          const verifier = verifierOf(code!);
          void place
            .ask('sessions', null, { verifier, sessions: left })
            .catch(() => undefined);
        }
      }
    }
    this._cancel();
    this._person = null;
    this._inPage.clear();
    removeAll(storage, this._prefix);
  }

  /** The network is back, or events go to another place. */
  handleEvent(): void {
    if (this._person !== null) {
      void this.tell(this._person);
    }
  }

  private _onRecorded(_: unknown, payload: IPayload): void {
    const { session_id, student_id } = payload;
    if (this._seen.has(session_id)) {
      return;
    }
    this._seen.add(session_id);
    this._person = student_id;
    const { sessions, claimed } = this._read(student_id);
    const all = [...sessions, session_id];
    const gone = Math.max(0, all.length - MAX_SESSIONS);
    this._write(student_id, {
      sessions: all.slice(gone),
      claimed: Object.fromEntries(
        Object.entries(claimed).map(([key, count]) => [
          key,
          Math.max(0, count - gone)
        ])
      )
    });
    // The events of a Run All go first.
    this._cancel();
    this._cancel = this._options.clock.after(
      SOON_MS,
      () => void this.tell(student_id)
    );
  }

  private async _tell(person: string): Promise<void> {
    const { codes, places, clock } = this._options;
    let isMissing = false;
    for (const place of places()) {
      for (;;) {
        const { sessions, claimed } = this._read(person);
        const from = claimed[place.key] ?? 0;
        const chunk = sessions.slice(from, from + CHUNK);
        if (chunk.length === 0) {
          break;
        }
        const isTold = await place
          .ask('sessions', null, {
            verifier: verifierOf(codes.codeOf(person)),
            sessions: chunk
          })
          .then(
            ({ ok }) => ok,
            () => false
          );
        if (!isTold) {
          isMissing = true;
          break;
        }
        const now = this._read(person);
        if (now.sessions.length === 0) {
          break; // forgotten meanwhile
        }
        this._write(person, {
          ...now,
          claimed: { ...now.claimed, [place.key]: from + chunk.length }
        });
      }
    }
    this._cancel();
    if (isMissing) {
      this._cancel = clock.after(AGAIN_MS, () => void this.tell(person));
    }
  }

  /** What is stored may have been written by anybody. */
  private _read(person: string): IStored {
    try {
      const text = this._options.storage?.getItem(this._keyOf(person));
      const stored = JSON.parse(text ?? 'null') as Partial<IStored> | null;
      if (
        Array.isArray(stored?.sessions) &&
        stored.sessions.every(each => typeof each === 'string') &&
        typeof stored.claimed === 'object' &&
        Object.values(stored.claimed).every(Number.isInteger)
      ) {
        return stored as IStored;
      }
    } catch {
      // Told by what this page knows.
    }
    return this._inPage.get(person) ?? NOTHING;
  }

  private _write(person: string, stored: IStored): void {
    const { storage } = this._options;
    this._inPage.delete(person);
    try {
      storage?.setItem(this._keyOf(person), JSON.stringify(stored));
      if (storage !== null) {
        return;
      }
    } catch {
      // A full storage costs the memory of the sessions, no more.
    }
    // Else sessions that another page forgets would live on here.
    this._inPage.set(person, stored);
  }

  private _keyOf(person: string): string {
    return this._prefix + person;
  }

  private get _prefix(): string {
    return `ipynb-telemetry:sessions:${this._options.scope}:`;
  }

  private readonly _inPage = new Map<string, IStored>();
  /** The sessions of this page. */
  private readonly _seen = new Set<string>();
  private _person: string | null = null;
  private _telling: Promise<void> = Promise.resolve();
  private _cancel: () => void = () => undefined;
}

/** The namespace for Claims statics. */
export namespace Claims {
  /** What claims are made of. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly codes: PersonCodes;
    readonly clock: IClock;
    /** Where events are kept at the moment. */
    readonly places: () => ReadonlyArray<IPlace>;
    /** Emitted for every event that was accepted. */
    readonly recorded: ISignal<unknown, IPayload>;
  }
}
