import type { IOutbox } from '../outbox/outbox.js';
import type { IRow } from '../wire.js';
import { isEventRow } from '../wire.js';
import { nextBatch } from './batch.js';
import type { Refusals } from './refusals.js';

/** After so many failures in a row to read the outbox another page is asked to send. */
const READS_TO_TELL = 5;
/** Why a row is set aside that somebody else has written. */
const NO_EVENT = 'it is no event';

/** Reads which events are to be sent next, and sets rows aside that are no events. */
export class Reading {
  constructor(private readonly _options: Reading.IOptions) {}

  /** @returns the oldest events that fit one request of so many at the most */
  async next(maxCount: number): Promise<IRow[]> {
    const {
      isOwn = () => false,
      mayLeave = () => true,
      outbox,
      refusals,
      unreadable
    } = this._options;
    try {
      for (;;) {
        const batch = await nextBatch(
          outbox,
          maxCount,
          row => refusals.has(row.uuid) || !mayLeave(row)
        );
        this._failures = 0;
        const foreign = batch.filter(
          (row): boolean => !isOwn(row) && !isEventRow(row)
        );
        if (foreign.length === 0) {
          return batch;
        }
        for (const row of foreign) {
          await refusals.setAside({ ...row, reason: NO_EVENT });
        }
      }
    } catch (reason) {
      if (++this._failures >= READS_TO_TELL) {
        this._failures = 0;
        unreadable();
      }
      throw reason;
    }
  }

  /** How often in a row the outbox could not be read. */
  private _failures = 0;
}

/** The namespace for Reading statics. */
export namespace Reading {
  /** What is read, and who is told of it. */
  export interface IOptions {
    readonly outbox: IOutbox;
    readonly refusals: Pick<Refusals, 'has' | 'setAside'>;
    /** Whether this page made a row, just as it is. All others are looked at first. Default: none. */
    readonly isOwn?: (row: IRow) => boolean;
    /** Whether a row may be sent at the moment. Others wait, and hold up none behind them. Default: all. */
    readonly mayLeave?: (row: IRow) => boolean;
    /** The outbox has refused to be read for a longer time. */
    readonly unreadable: () => void;
  }
}
