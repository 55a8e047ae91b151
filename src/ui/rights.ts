import type { ISignal } from '@lumino/signaling';

/** How long a pause is to be: a quarter of an hour, this lesson, or until the student says so. */
export type PauseKind = 'minutes15' | 'lesson' | 'open';

/** Which pauses the settings allow: all, a quarter of an hour only, or none. */
export type PausePolicy = 'allowed' | 'limited' | 'forbidden';

/** A pause under way. */
export interface IPauseState {
  readonly kind: PauseKind;
  /** When it ends by itself, in milliseconds since 1970; null: it does not. */
  readonly until: number | null;
}

/** Where a record of a student is. */
export type RecordPlace =
  /** At the class's collector. */
  | 'class'
  /** On the Jupyter server. */
  | 'server'
  /** In this browser, to be sent, or where no server is. */
  | 'browser'
  /** Sent away from this page, and out of our reach. */
  | 'sent';

/** An event, as the student's page shows it. */
export interface IRecord {
  readonly uuid: string;
  readonly event: string;
  /** ISO 8601 in UTC. */
  readonly timestamp: string;
  readonly name: string;
  readonly notebook: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly places: ReadonlyArray<RecordPlace>;
}

/** Somebody looked at what is recorded of the student. */
export interface IVisit {
  readonly reader: string;
  /** The student's own page, all students' code of a cell, or the whole class. */
  readonly what: 'student' | 'cell' | 'class';
  /** Empty: all notebooks. */
  readonly notebook: string;
  /** In milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** A place that could not be asked, and why, in its words. */
export interface ITrouble {
  readonly place: RecordPlace;
  readonly reason: string;
}

/** All that is recorded of the student. */
export interface IMyRecords {
  /** Newest first. */
  readonly records: ReadonlyArray<IRecord>;
  /** Newest first. */
  readonly visits: ReadonlyArray<IVisit>;
  readonly troubles: ReadonlyArray<ITrouble>;
  /** Whether older records were left out, since there are too many to show. */
  readonly hasMore: boolean;
}

/** What an erasure did at one place. */
export interface IReceipt {
  readonly place: RecordPlace;
  readonly events: number;
  readonly sessions: number;
  /** Events that had gone on to another place, such as PostHog. */
  readonly forwarded: number;
  readonly kernelEvents: number;
  /** Files that could not be changed. */
  readonly unreached: number;
  /** Whether the bytes of what was erased are overwritten. */
  readonly isScrubbed: boolean;
}

/** What came of an erasure. */
export interface IErasure {
  readonly receipts: ReadonlyArray<IReceipt>;
  /** How many events went out of this browser. */
  readonly fromBrowser: number;
  /** Places that were not reached: the erasure is to be asked for again. */
  readonly troubles: ReadonlyArray<ITrouble>;
  /** Whose records were erased. */
  readonly student: string;
  /** Whether events of this student had gone to PostHog. */
  readonly isSentAway: boolean;
}

/** The rights of the student at work. */
export interface IRights {
  readonly pause: {
    readonly policy: PausePolicy;
    /** The pause, or null while there is none. */
    readonly state: IPauseState | null;
    readonly changed: ISignal<unknown, void>;
    begin(kind: PauseKind): void;
    end(): void;
  };
  /** The student's code as people copy it, or null while nobody has given a name. */
  readonly code: string | null;
  /** Counts handovers to the next student: what is shown of the former goes with each. */
  readonly turn: number;
  /** All that is recorded of the student, here and at every place that can be asked. */
  see(): Promise<IMyRecords>;
  /**
   * Take a code that was made on another device: both are one person's from now on.
   *
   * @returns null, or why not: the text is no code, or a place's words
   */
  join(text: string): Promise<'no code' | ITrouble | null>;
  /** Stop recording, and erase the student here and at every place that can be asked. */
  forget(): Promise<IErasure>;
  /** Ask again where an erasure did not get to; null where nothing is left to be asked. */
  readonly unfinished: IErasure | null;
}
