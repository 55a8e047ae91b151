import { Poll } from '@lumino/polling';
import type { IDisposable } from '@lumino/disposable';
import { paceOf } from './pace';

/** What tells that somebody is there. */
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
/** The longest wait for a server that is away. */
const LONGEST_MS = 60_000;

/** Looks at the server in a pace that follows the reader, and not at all out of sight. */
export class Refresher implements IDisposable {
  /**
   * @param _node - the view; what happens in it counts as touched
   * @param refresh - one look; rejects while the server is away
   * @param isShown - whether anybody could see the view in this page
   */
  constructor(
    private readonly _node: HTMLElement,
    refresh: () => Promise<unknown>,
    isShown: () => boolean
  ) {
    this._poll = new Poll({
      name: 'ipynb-telemetry:class-view',
      auto: true,
      factory: async () => {
        this._follow();
        this._isLooking = true;
        this._isToLookAgain = false;
        try {
          await refresh();
        } finally {
          this._isLooking = false;
          if (this._isToLookAgain) {
            this.refresh();
          }
        }
      },
      frequency: { interval: paceOf(0), backoff: true, max: LONGEST_MS },
      standby: () => document.hidden || !isShown()
    });
    TOUCHES.forEach(type => {
      _node.addEventListener(type, this, { passive: true });
    });
    document.addEventListener('visibilitychange', this);
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Look now; while a look is under way, once more after it: it may have begun too early. */
  refresh(): void {
    if (this._isLooking) {
      this._isToLookAgain = true;
    } else {
      // Later in any case: a poll that is about to end its look takes no other.
      setTimeout(() => {
        if (!this.isDisposed) {
          void this._poll.refresh();
        }
      });
    }
  }

  handleEvent(event: Event): void {
    if (event.type === 'visibilitychange') {
      if (!document.hidden) {
        this.refresh();
      }
      return;
    }
    const wasSlow = paceOf(Date.now() - this._touchedAt) !== paceOf(0);
    this._touchedAt = Date.now();
    if (wasSlow) {
      this._follow();
      this.refresh();
    }
  }

  dispose(): void {
    TOUCHES.forEach(type => this._node.removeEventListener(type, this));
    document.removeEventListener('visibilitychange', this);
    this._poll.dispose();
  }

  private _follow(): void {
    const interval = paceOf(Date.now() - this._touchedAt);
    if (this._poll.frequency.interval !== interval) {
      this._poll.frequency = { interval, backoff: true, max: LONGEST_MS };
    }
  }

  private readonly _poll: Poll<void, unknown>;
  private _touchedAt = Date.now();
  private _isLooking = false;
  private _isToLookAgain = false;
}
