import type { IRow } from '../wire.js';
import type { SendResult } from './answer.js';

/** Told what becomes of a dispatcher's events. */
export interface IDispatcherObserver {
  /** A request has ended with this result. */
  sent?(result: SendResult): void;
  /** These events are at the other end. */
  delivered(uuids: ReadonlyArray<string>): void;
  /** The other end will never take this event, and said why. */
  setAside(uuid: string, reason: string): void;
  /** Too many events wait, or were refused: these, the oldest, are given up. */
  dropped(rows: ReadonlyArray<IRow>): void;
  /**
   * @param problem - why nothing is taken for a longer time; null while sending goes on
   * @param nextAttempt - after a failure, in milliseconds since 1970; null when none is due
   */
  state(problem: string | null, nextAttempt: number | null): void;
  /** The outbox has refused to be read for a longer time: another page's may not. */
  unreadable?(): void;
}
