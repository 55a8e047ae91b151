import type { CellChange } from '@jupyter/ydoc';
import { Clipboard } from '@jupyterlab/apputils';
import type { ICellModel } from '@jupyterlab/cells';
import type { CellList, NotebookPanel } from '@jupyterlab/notebook';
import type { IObservableList } from '@jupyterlab/observables';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { DisposableSet } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Properties } from '../../events/catalog';
import { cellOfNode } from '../cellnode';
import type { ITrackerContext, TrackerFactory } from '../tracker';
import { CopyMemory } from './copymemory';
import type { IDropReport } from './drop';
import { DropListener } from './drop';

const CELL_MIME = 'application/vnd.jupyter.cells';

const PASTE_COMMANDS: ReadonlySet<string> = new Set([
  'notebook:paste-cell-above',
  'notebook:paste-cell-below',
  'notebook:paste-and-replace-cell'
]);

const PASTE_TEXT = 'notebook:paste-text';

type PastedCell = Parameters<ITrackerContext['placeOf']>[0];
type ReportText = (cell: PastedCell, text: string) => void;
type ReportCells = (cells: ReadonlyArray<ICellModel>) => void;

/**
 * Text and whole cells, pasted or dropped into the notebook: how much, never
 * what.
 */
export const pasteTracker: TrackerFactory = context => {
  const memory = new CopyMemory(context);
  const report = (
    cell: PastedCell,
    text: string,
    how: Pick<Properties<'paste'>, 'kind' | 'internal' | 'by'>
  ): void => {
    const { length } = text;
    const lines = text.split(/\r\n|\r|\n/).length;
    const properties = { length, lines, ...context.placeOf(cell), ...how };
    context.record({ name: 'paste', properties });
  };
  const onText: ReportText = (cell, text) =>
    report(cell, text, {
      kind: 'text',
      internal: memory.has(text),
      by: 'paste'
    });
  const onCells: ReportCells = cells => {
    const text = Private.sourceOf(cells);
    const internal = Private.isOnCellClipboard(text);
    report(cells[0], text, { kind: 'cells', internal, by: 'paste' });
  };
  const drop: IDropReport = {
    text: (cell, text, isOfPage) =>
      report(cell, text, {
        kind: 'text',
        internal: isOfPage || memory.wasDragged(text),
        by: 'drop'
      }),
    // JupyterLab drags cells within its page only.
    cells: cells =>
      report(cells[0], Private.sourceOf(cells), {
        kind: 'cells',
        internal: true,
        by: 'drop'
      })
  };
  return DisposableSet.from([
    memory,
    context.views.each(view => new TextPasteListener(view, onText)),
    context.views.each(view => new DropListener(context, view, drop)),
    new TextCommandListener(context, onText),
    new CellPasteListener(context, onCells)
  ]);
};

class TextPasteListener implements IDisposable {
  constructor(
    private readonly _view: NotebookPanel,
    private readonly _report: ReportText
  ) {
    // On the way down: the editor ends the event when it has read it.
    _view.node.addEventListener('paste', this, true);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._view.node.removeEventListener('paste', this, true);
  }

  handleEvent(event: Event): void {
    const target = event.target as Element | null;
    // Outside an editor nothing is inserted.
    if (!target?.closest('.cm-content')) {
      return;
    }
    const cell = cellOfNode(this._view, target);
    const text =
      (event as ClipboardEvent).clipboardData?.getData('text/plain') ?? '';
    if (text !== '' && !cell?.readOnly) {
      this._report(cell?.model ?? null, text);
    }
  }

  private _isDisposed = false;
}

/**
 * "Paste Text" of the context menu raises no clipboard event either. The
 * text pasted is the text that the command last inserted into an active cell.
 */
class TextCommandListener implements IDisposable {
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

/**
 * Pasting cells raises no clipboard event. The cells a paste command added are
 * those that came into the list within it.
 */
class CellPasteListener implements IDisposable {
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

namespace Private {
  export function sourceOf(cells: ReadonlyArray<ICellModel>): string {
    return cells.map(cell => cell.sharedModel.getSource()).join('\n');
  }

  /** Whether these cells are those JupyterLab's own clipboard holds. */
  export function isOnCellClipboard(text: string): boolean {
    const cells = Clipboard.getInstance().getData(CELL_MIME) as
      ReadonlyArray<{ source?: string | string[] }> | undefined;
    const sources = cells?.map(({ source }) =>
      Array.isArray(source) ? source.join('') : source
    );
    return sources?.join('\n') === text;
  }
}
