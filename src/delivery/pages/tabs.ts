import type { IRow } from '../wire.js';

/** What became of events that pages share, or how the page that sends them fares. */
export type Outcome =
  /** These events are at the other end; with no event, the other end gave an answer. */
  | { readonly kind: 'delivered'; readonly uuids: ReadonlyArray<string> }
  /** The other end will never take this event, and said why. */
  | {
      readonly kind: 'set_aside';
      readonly uuid: string;
      readonly reason: string;
    }
  /** Too many events wait, or were refused: these are given up. */
  | { readonly kind: 'dropped'; readonly uuids: ReadonlyArray<string> }
  /** How the sender fares. */
  | {
      readonly kind: 'state';
      readonly problem: string | null;
      readonly nextAttempt: number | null;
    };

/** What pages that share an outbox tell each other. */
export type TabMessage =
  | Outcome
  /** Events were added. */
  | { readonly kind: 'added' }
  /** The page that sends is to do so now, whatever it waits for. */
  | { readonly kind: 'send_now' }
  /** A page that is being left could not be sure that the disk took these. */
  | { readonly kind: 'left'; readonly rows: ReadonlyArray<IRow> }
  /** The relay's answer, as it came: whoever is told checks it. */
  | { readonly kind: 'relay'; readonly answer: unknown }
  /** Events go to another place, or by other rules, from now on; it is not said which. */
  | { readonly kind: 'moved' }
  /** A page that is in front would rather send itself. */
  | { readonly kind: 'front' }
  /** The page that sends is in front no more. */
  | { readonly kind: 'hidden' };

/** The work of the page that sends. */
export interface ILeader {
  start(): void;
  /** Settles when nothing of it is under way any more. */
  stop(): Promise<void>;
}

/** The pages that share an outbox, seen from one of them. */
export interface ITabs {
  /** Whether this page is the one that sends. */
  readonly isLeading: boolean;
  /**
   * Whether this page sent until it went into the browser's back/forward cache, where
   * it lies: nobody but this page may know of its last events. Default: false.
   */
  readonly hasLed?: boolean;
  /** Stand in line to be the one that sends, until `close`. */
  lead(leader: ILeader): void;
  /** Let the next in line send, if there is one, and stand in line again after a while. */
  rest?(): Promise<void>;
  /** Tell the others. */
  post(message: TabMessage): void;
  /** Called with what another page tells. */
  onMessage: (message: TabMessage) => void;
  close(): Promise<void>;
}

/** Where there are no other pages: a program, a test. */
export class SingleTab implements ITabs {
  lead(leader: ILeader): void {
    this._leader = leader;
    leader.start();
  }

  get isLeading(): boolean {
    return this._leader !== null;
  }

  post(): void {
    // Nobody is there.
  }

  onMessage = (): void => undefined;

  async close(): Promise<void> {
    await this._leader?.stop();
    this._leader = null;
  }

  private _leader: ILeader | null = null;
}
