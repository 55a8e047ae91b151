import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Properties } from '../events/catalog';
import type { ITrackerContext, TrackerFactory } from './tracker';

type Reason = Properties<'blur'>['reason'];

/** A leave that is over sooner is none: the focus only went from here to there; in milliseconds. */
const GLANCE_MS = 50;
/**
 * A browser that goes to another of its tabs takes the focus away, and hides the
 * page in a moment, or has hidden it before: one leave, for the stronger reason.
 * In Firefox that moment was seen to be 131 ms. In milliseconds.
 */
const HIDES_MS = 1_000;

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
    // The clock of the timestamps, asked at the first sign: then they are right
    // however late the browser has said all of it, and though the machine slept.
    this._sign ??= Date.now();
    this._settleIn(GLANCE_MS);
  }

  private _settleIn(ms: number): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._settle(), ms);
  }

  private _settle(): void {
    const at = this._sign ?? Date.now();
    this._sign = null;
    const reason = this._reason();
    if (reason === null) {
      // Back before the page was hidden: to another window, then.
      this._leave('window');
      this._comeBack(at);
    } else if (this._isBack && this._leftAt === null) {
      this._leftAt = at;
      if (reason === 'window') {
        this._settleIn(HIDES_MS - GLANCE_MS);
      } else {
        this._leave(reason);
      }
    } else {
      this._leave(reason);
    }
  }

  /** Tell of the leave whose reason was not known so far. */
  private _leave(reason: Reason): void {
    const at = this._leftAt;
    if (at !== null) {
      this._leftAt = null;
      this._isBack = false;
      this._left = { at, reason };
      this._context.record({ name: 'blur', properties: { reason }, at });
    }
  }

  private _comeBack(at: number): void {
    if (!this._isBack) {
      this._isBack = true;
      if (this._left) {
        this._context.record({
          name: 'focus',
          properties: {
            reason: this._left.reason,
            // A clock may be set back.
            away_ms: Math.max(0, at - this._left.at)
          },
          at
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
  /** When the first of the events came that are not settled yet. */
  private _sign: number | null = null;
  /** When the student left, while the reason is not known yet. */
  private _leftAt: number | null = null;
  private _isBack: boolean;
  private _left: { readonly at: number; readonly reason: Reason } | null = null;
  private _isDisposed = false;
}
