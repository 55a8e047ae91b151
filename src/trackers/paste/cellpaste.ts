import type { ICellModel } from '@jupyterlab/cells';
import type { CellList } from '@jupyterlab/notebook';
import type { IObservableList } from '@jupyterlab/observables';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ITrackerContext } from '../tracker';

const PASTE_COMMANDS: ReadonlySet<string> = new Set([
  'notebook:paste-cell-above',
  'notebook:paste-cell-below',
  'notebook:paste-and-replace-cell'
]);

/** Reports cells that were pasted. */
export type ReportCells = (cells: ReadonlyArray<ICellModel>) => void;

/**
 * Pasting cells raises no clipboard event. The cells a paste command added are
 * those that came into the list within it.
 */
export class CellPasteListener implements IDisposable {
  constructor(
    context: ITrackerContext,
    private readonly _report: ReportCells
  ) {
    context.model.cells.changed.connect(this._onCellsChanged, this);
    context.commands.commandExecuted.connect(this._onCommand, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onCellsChanged(
    _: CellList,
    change: IObservableList.IChangedArgs<ICellModel>
  ): void {
    if (change.type !== 'add') {
      return;
    }
    this._added.push(...change.newValues);
    // The command tells of itself in the same turn as it adds, or, when it
    // reads the system's clipboard first, before.
    queueMicrotask(() => {
      if (!this._isPasting) {
        this._added = [];
      }
    });
  }

  private _onCommand(
    _: CommandRegistry,
    { id, result }: CommandRegistry.ICommandExecutedArgs
  ): void {
    if (!PASTE_COMMANDS.has(id)) {
      return;
    }
    this._isPasting = true;
    void result
      .catch(() => undefined)
      .then(() => {
        this._isPasting = false;
        const cells = this._added.splice(0);
        if (cells.length > 0 && !this._isDisposed) {
          this._report(cells);
        }
      });
  }

  private _added: ICellModel[] = [];
  private _isPasting = false;
  private _isDisposed = false;
}
