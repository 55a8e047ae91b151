import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';

/** Signs of work in a notebook; which key or where is not looked at. */
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Looks for signs of work in a view. */
export class SignListener implements IDisposable {
  constructor(
    private readonly _view: NotebookPanel,
    private readonly _work: () => void
  ) {
    for (const sign of SIGNS) {
      _view.node.addEventListener(sign, _work, {
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
      this._view.node.removeEventListener(sign, this._work, true);
    }
  }

  private _isDisposed = false;
}
