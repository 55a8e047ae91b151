import type { CellChange } from '@jupyter/ydoc';
import type { ICellModel } from '@jupyterlab/cells';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ITrackerContext } from '../tracker';

const PASTE_TEXT = 'notebook:paste-text';

/** The cell that a text was pasted into, or null outside of cells. */
export type PastedCell = Parameters<ITrackerContext['placeOf']>[0];

/** Reports a text that was pasted. */
export type ReportText = (cell: PastedCell, text: string) => void;

/**
 * "Paste Text" of the context menu raises no clipboard event either. The
 * text pasted is the text that the command last inserted into an active cell.
 */
export class TextCommandListener implements IDisposable {
  constructor(
    private readonly _context: ITrackerContext,
    private readonly _report: ReportText
  ) {
    _context.commands.commandExecuted.connect(this._onCommand, this);
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

  private _onCommand(
    _: CommandRegistry,
    { id, result }: CommandRegistry.ICommandExecutedArgs
  ): void {
    if (id !== PASTE_TEXT) {
      return;
    }
    const cells = new Set<ICellModel>();
    for (const { content } of this._context.views.all) {
      if (content.activeCell) {
        cells.add(content.activeCell.model);
      }
    }
    for (const cell of cells) {
      this._follow(cell, result);
    }
  }

  private _follow(cell: ICellModel, result: Promise<unknown>): void {
    const { sharedModel } = cell;
    let text = '';
    const onChanged = (_: unknown, change: CellChange): void => {
      text = (change.sourceChange ?? [])
        .map(({ insert }) => insert ?? '')
        .join('');
    };
    sharedModel.changed.connect(onChanged);
    void result
      .catch(() => undefined)
      .then(() => {
        sharedModel.changed.disconnect(onChanged);
        if (text !== '' && !this._isDisposed) {
          this._report(cell, text);
        }
      });
  }

  private _isDisposed = false;
}
