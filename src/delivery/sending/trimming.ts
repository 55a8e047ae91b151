import type { IClock } from '../clock.js';
import type { Retention } from '../outbox/retention.js';
import type { IRow } from '../wire.js';
import type { Refusals } from './refusals.js';
import type { Rounds } from './rounds.js';

/** While nothing is sent, it is looked so often whether too much waits, in milliseconds. */
const TRIM_MS = 60_000;

/** Gives up the oldest events where too many wait while nothing is taken. */
export class Trimming {
  constructor(private readonly _options: Trimming.IOptions) {}

  /** Events were added in a pause, which may be long: an hour, or until a setting is corrected. */
  soon(): void {
    const { clock, rounds } = this._options;
    this._cancel ??= clock.after(TRIM_MS, () => {
      this._cancel = null;
      // A round that is under way trims by itself where it fails.
      void rounds.alone(() => this.now());
    });
  }

  /** Keep the events that wait within their limits. */
  async now(): Promise<void> {
    const { refusals, retention } = this._options;
    const rows = await retention.trim();
    if (rows.length > 0) {
      refusals.clear();
    }
    this._drop(rows);
  }

  /** Keep the events within their limits that were set aside. */
  async asides(): Promise<void> {
    this._drop(await this._options.retention.trimAsides());
  }

  stop(): void {
    this._cancel?.();
    this._cancel = null;
  }

  private _drop(rows: ReadonlyArray<IRow>): void {
    if (rows.length > 0) {
      this._options.dropped(rows);
    }
  }

  private _cancel: (() => void) | null = null;
}

/** The namespace for Trimming statics. */
export namespace Trimming {
  /** What is trimmed, and who is told of it. */
  export interface IOptions {
    readonly clock: IClock;
    readonly rounds: Pick<Rounds, 'alone'>;
    readonly retention: Pick<Retention, 'trim' | 'trimAsides'>;
    readonly refusals: Pick<Refusals, 'clear'>;
    readonly dropped: (rows: ReadonlyArray<IRow>) => void;
  }
}
