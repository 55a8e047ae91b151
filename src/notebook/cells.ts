import type { ICellModel } from '@jupyterlab/cells';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ICellPlace } from '../trackers/tracker';
import { deriveId, keptId, KEPT_ID } from './cellids';

/**
 * Which cell is which, and where, without a walk through the notebook per event:
 * the walk is made once after each change of the cell list.
 *
 * JupyterLab has an id for each cell, here called model id. In a file of format
 * 4.5 or newer that id is in the file, and events tell it. Below, and in a text
 * notebook, JupyterLab makes it up at each opening: there the id is derived from
 * the cell as first opened, and kept in the cell's metadata.
 */
export class Cells implements IDisposable {
  /** @param isKept - whether ids may be written into the notebook */
  constructor(
    { model, localPath }: DocumentRegistry.IContext<INotebookModel>,
    isKept: boolean
  ) {
    this._model = model;
    const isFile = PathExt.extname(localPath) === '.ipynb';
    // In the text of a notebook in Markdown or Python an id would be in the way.
    this._isKept = isKept && isFile;
    const { nbformat, nbformatMinor } = model;
    this._hasIds = isFile && (nbformat > 4 || nbformatMinor >= 5);
    model.cells.changed.connect(this._onChanged, this);
    this._settle();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Where a cell is, for an event.
   *
   * @param cell - its model, or the id of that. Two cells may have one such id, as
   * when a cell is dragged here out of a copy of this notebook. Null: no cell. A cell
   * that is gone keeps its id, at -1
   */
  place(cell: { readonly id: string } | string | null): ICellPlace {
    this._settle();
    if (cell === null) {
      return { cell_id: null, cell_index: -1 };
    }
    const modelId = typeof cell === 'string' ? cell : cell.id;
    const id = this._idOf.get(cell) ?? this._ids.get(modelId) ?? modelId;
    return { cell_id: id, cell_index: this._positions.get(id) ?? -1 };
  }

  /** @returns the position, from 0, of the cell that has this id in events, or -1 */
  indexOf(cellId: string): number {
    this._settle();
    return this._positions.get(cellId) ?? -1;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onChanged(): void {
    if (this._isSettled) {
      this._isSettled = false;
      // Before the new cell is copied, and after the change that brought it.
      queueMicrotask(() => !this._isDisposed && this._settle());
    }
  }

  private _settle(): void {
    if (this._isSettled) {
      return;
    }
    this._isSettled = true;
    const cells = [...this._model.cells];
    // Cells that are all new were read from the file.
    const isRead = !cells.some(({ id }) => this._ids.has(id));
    const byId = new Map<string, ICellModel>();
    const claim = (idOf: (cell: ICellModel) => string | null | undefined) => {
      rest = rest.filter(cell => {
        const id = idOf(cell);
        const isFree = typeof id === 'string' && !byId.has(id);
        if (isFree) {
          byId.set(id, cell);
        }
        return !isFree;
      });
    };
    let rest = cells;
    // A cell that is still there is not taken for another with its model id.
    claim(cell => this._idOf.get(cell));
    // A cell that is brought back by an undo is the cell it was.
    claim(cell => this._ids.get(cell.id));
    // A copy carries the id that its original has.
    claim(keptId);
    claim(cell => (this._hasIds || !isRead ? cell.id : null));
    claim(cell => deriveId(cell, id => byId.has(id)));

    const idOf = new Map([...byId].map(([id, cell]) => [cell, id]));
    this._idOf = idOf;
    this._positions.clear();
    cells.forEach((cell, position) => {
      const id = idOf.get(cell)!;
      // Of two cells with one model id, the cell that had it first goes by it alone.
      if (byId.get(this._ids.get(cell.id) ?? '')?.id !== cell.id) {
        this._ids.set(cell.id, id);
      }
      this._positions.set(id, position);
    });
    if (this._isKept) {
      this._keep(idOf);
    }
  }

  /** Write the ids that the file does not tell yet; no step of undo, and no reason to save. */
  private _keep(idOf: ReadonlyMap<ICellModel, string>): void {
    const seen = new Set<string>();
    const twice = new Set<string>();
    for (const cell of idOf.keys()) {
      (seen.has(cell.id) ? twice : seen).add(cell.id);
    }
    const unkept = [...idOf].filter(([cell, id]) => {
      const kept: unknown = cell.getMetadata(KEPT_ID);
      // Of an id that is there twice, saving leaves one.
      const isInFile =
        this._hasIds && kept === undefined && cell.id === id && !twice.has(id);
      return kept !== id && !isInFile;
    });
    if (unkept.length > 0) {
      const { dirty } = this._model;
      this._model.sharedModel.transact(() => {
        unkept.forEach(([cell, id]) => cell.setMetadata(KEPT_ID, id));
      }, false);
      this._model.dirty = dirty;
    }
  }

  private readonly _model: INotebookModel;
  private readonly _isKept: boolean;
  private readonly _hasIds: boolean;
  /** By model, of the cells there are; a cell that is moved gets another model. */
  private _idOf: ReadonlyMap<unknown, string> = new Map();
  /** By model id, of the cells there are and were. */
  private readonly _ids = new Map<string, string>();
  /** By the id that events tell. */
  private readonly _positions = new Map<string, number>();
  private _isSettled = false;
  private _isDisposed = false;
}
