import type { IClock } from '../clock.js';

/** When an outbox is drained: one round at a time, at once, soon or after a pause. */
export class Rounds {
  /**
   * @param _clock - what the pauses go by
   * @param _drain - one round; never rejects
   */
  constructor(
    private readonly _clock: IClock,
    private readonly _drain: () => Promise<void>
  ) {}

  /** Whether rounds are made at all. */
  get isRunning(): boolean {
    return this._isRunning;
  }

  /** Make rounds from now on. */
  start(): void {
    this._isRunning = true;
  }

  /** Make no more rounds; settles when what is under way has ended. */
  async stop(): Promise<void> {
    this._isRunning = false;
    this.cancel();
    await this._underWay;
  }

  /** Begin a round now, and settle when it has ended. */
  async begin(): Promise<void> {
    if (!this._isRunning) {
      return;
    }
    this.cancel();
    // A round that is under way took its events before the latest came.
    await this._underWay;
    await this.alone(this._drain);
  }

  /** Begin a round in so many milliseconds, unless a round is due anyway, be it sooner or later. */
  schedule(ms: number): void {
    if (this._isRunning) {
      this._cancel ??= this._clock.after(ms, () => {
        this._cancel = null;
        void this._onDue();
      });
    }
  }

  /** Begin no round for so many milliseconds: a round that was asked for sooner would fail. */
  pause(ms: number): void {
    this.cancel();
    this.schedule(ms);
  }

  /** Forget the round that is due. */
  cancel(): void {
    this._cancel?.();
    this._cancel = null;
  }

  /** Settles when no round is under way. */
  async idle(): Promise<void> {
    await this._underWay;
  }

  /** Do something in place of a round, unless a round is under way. */
  async alone(work: () => Promise<void>): Promise<void> {
    this._underWay ??= work().finally(() => {
      this._underWay = null;
    });
    await this._underWay;
  }

  private async _onDue(): Promise<void> {
    // The round under way may end in a pause, which holds for this round too.
    await this._underWay;
    if (this._cancel === null) {
      await this.begin();
    }
  }

  private _isRunning = false;
  private _underWay: Promise<void> | null = null;
  private _cancel: (() => void) | null = null;
}
