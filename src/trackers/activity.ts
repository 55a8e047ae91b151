import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

/** A pause longer than this is no work, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/** Signs of work in a notebook; which key or where is not looked at. */
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/**
 * Time on task: the time between signs of work, pauses counted up to a minute;
 * to open and to close the notebook are signs, too.
 */
export class ActivityClock {
  /** The time worked so far, in milliseconds. */
  get activeMs(): number {
    return Math.round(this._total + this._sinceLast());
  }

  /** Look for signs in a view. */
  watch(view: NotebookPanel): IDisposable {
    return new SignListener(view, this);
  }

  handleEvent(): void {
    this._total += this._sinceLast();
    this._last = performance.now();
  }

  private _sinceLast(): number {
    return Math.min(performance.now() - this._last, LONGEST_PAUSE_MS);
  }

  private _last = performance.now();
  private _total = 0;
}

class SignListener implements IDisposable {
  constructor(
    private readonly _view: NotebookPanel,
    private readonly _clock: ActivityClock
  ) {
    for (const sign of SIGNS) {
      _view.node.addEventListener(sign, _clock, {
        capture: true,
        passive: true
      });
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    for (const sign of SIGNS) {
      this._view.node.removeEventListener(sign, this._clock, true);
    }
  }

  private _isDisposed = false;
}
