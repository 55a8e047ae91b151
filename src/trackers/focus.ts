import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Properties } from '../events/catalog';
import type { ITrackerContext, TrackerFactory } from './tracker';

type Reason = Properties<'blur'>['reason'];

/**
 * A browser that goes to another tab takes the focus away and hides the page,
 * in either order, within a moment: one leave, for the stronger reason.
 */
const SETTLE_MS = 50;

/** Whether the student has the notebook before them, and since when not. */
export const focusTracker: TrackerFactory = context =>
  new FocusTracker(context);

class FocusTracker implements IDisposable {
  constructor(private readonly _context: ITrackerContext) {
    window.addEventListener('blur', this);
    window.addEventListener('focus', this);
    document.addEventListener('visibilitychange', this);
    _context.views.currentChanged.connect(this._onChanged, this);
    // A notebook opened in the background is not one the student left.
    this._isBack = this._reason() === null;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    window.removeEventListener('blur', this);
    window.removeEventListener('focus', this);
    document.removeEventListener('visibilitychange', this);
    Signal.clearData(this);
  }

  handleEvent(): void {
    this._onChanged();
  }

  private _onChanged(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._settle(), SETTLE_MS);
  }

  private _settle(): void {
    // The clock of the timestamps, asked at the moments of the two events: then
    // both agree however late this is called, and though the machine slept.
    const at = Date.now();
    const reason = this._reason();
    if (reason !== null && this._isBack) {
      this._isBack = false;
      this._left = { at, reason };
      this._context.record({ name: 'blur', properties: { reason } });
    } else if (reason === null && !this._isBack) {
      this._isBack = true;
      if (this._left) {
        this._context.record({
          name: 'focus',
          properties: {
            reason: this._left.reason,
            // A clock may be set back.
            away_ms: Math.max(0, at - this._left.at)
          }
        });
      }
    }
  }

  /** Why the student does not have the notebook before them, or null when they do. */
  private _reason(): Reason | null {
    if (document.hidden) {
      return 'page_hidden';
    }
    // False also for another window; true while a frame of ours has the focus.
    if (!document.hasFocus()) {
      return 'window';
    }
    return this._context.views.isCurrent ? null : 'tab';
  }

  private _timer = 0;
  private _isBack: boolean;
  private _left: { readonly at: number; readonly reason: Reason } | null = null;
  private _isDisposed = false;
}
