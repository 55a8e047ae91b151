import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

type Attach = (view: NotebookPanel) => IDisposable;

/** The views of one document, those open and those to come. */
export class Views implements IDisposable {
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get all(): ReadonlySet<NotebookPanel> {
    return this._views;
  }

  add(view: NotebookPanel): void {
    if (this._views.has(view)) {
      return;
    }
    this._views.add(view);
    for (const [attach, attached] of this._attached) {
      attached.set(view, attach(view));
    }
  }

  remove(view: NotebookPanel): void {
    this._views.delete(view);
    for (const attached of this._attached.values()) {
      attached.get(view)?.dispose();
      attached.delete(view);
    }
  }

  /**
   * Attach something to each view.
   *
   * @returns what takes it away from all of them
   */
  each(attach: Attach): IDisposable {
    const attached = new Map<NotebookPanel, IDisposable>();
    this._attached.set(attach, attached);
    for (const view of this._views) {
      attached.set(view, attach(view));
    }
    return new DisposableDelegate(() => {
      this._attached.delete(attach);
      attached.forEach(item => item.dispose());
    });
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const view of [...this._views]) {
      this.remove(view);
    }
    this._attached.clear();
    Signal.clearData(this);
  }

  private readonly _views = new Set<NotebookPanel>();
  private readonly _attached = new Map<
    Attach,
    Map<NotebookPanel, IDisposable>
  >();
  private _isDisposed = false;
}
