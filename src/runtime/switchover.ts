import type { IClock } from '../delivery/clock';
import type { Destination } from './destination';
import type { ITelemetrySettings } from './settings';

/** Settings that stay as they are for so long are meant, in milliseconds. */
const SETTLE_MS = 5_000;

/**
 * Follows the settings to another destination, but not while they are being
 * edited: the Settings Editor applies each keystroke, and what waits would be
 * gone for good to the collector when a wrong key is cleared, or to a project
 * that half a key names. Until then nothing is sent and everything is kept.
 */
export class Switchover {
  /** @param _move - called with another destination, or null: nowhere for now */
  constructor(
    private _destination: Destination,
    private readonly _clock: IClock,
    private readonly _move: (destination: Destination | null) => void
  ) {}

  /** Where events go, now or once the settings are right. */
  get destination(): Destination {
    return this._destination;
  }

  /** The settings have changed. A key or host that is refused leads nowhere. */
  follow(settings: ITelemetrySettings): void {
    const { destination, refusals } = settings;
    if (
      refusals.length === 0 &&
      this._next &&
      isSame(this._next, destination)
    ) {
      // Another page, or another setting: this is on its way.
      return;
    }
    this._cancel?.();
    this._next = null;
    if (this.isAt(destination)) {
      this._go(destination);
    } else {
      this.hold(settings);
    }
  }

  /** Send nothing before these settings have been left alone. */
  hold({ destination, refusals }: ITelemetrySettings): void {
    if (!this._isHeld) {
      this._isHeld = true;
      this._move(null);
    }
    if (refusals.length === 0) {
      this._next = destination;
      this._cancel = this._clock.after(SETTLE_MS, () => this._go(destination));
    }
  }

  isAt(destination: Destination): boolean {
    return isSame(destination, this._destination);
  }

  private _go(destination: Destination): void {
    this._next = null;
    if (this._isHeld) {
      this._isHeld = false;
      this._destination = destination;
      this._move(destination);
    }
  }

  private _isHeld = false;
  private _next: Destination | null = null;
  private _cancel: (() => void) | null = null;
}

function isSame(one: Destination, other: Destination): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
