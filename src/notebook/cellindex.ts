import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/**
 * Where each cell stands, without a walk through the notebook per event: the
 * walk is made once after each change of the cell list.
 */
export class CellIndex implements IDisposable {
  constructor(private readonly _model: INotebookModel) {
    _model.cells.changed.connect(this._onChanged, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** @returns the cell's position from 0, or -1 when the notebook has no such cell */
  of(cellId: string): number {
    if (this._positions === null) {
      this._positions = new Map();
      let position = 0;
      for (const cell of this._model.cells) {
        this._positions.set(cell.id, position++);
      }
    }
    return this._positions.get(cellId) ?? -1;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onChanged(): void {
    this._positions = null;
  }

  private _positions: Map<string, number> | null = null;
  private _isDisposed = false;
}
