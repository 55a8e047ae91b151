import { Clipboard } from '@jupyterlab/apputils';
import type { ICellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { DisposableSet } from '@lumino/disposable';
import type { Properties } from '../../events/catalog';
import { cellOfNode } from '../cellnode';
import type { TrackerFactory } from '../tracker';
import type { ReportCells } from './cellpaste';
import { CellPasteListener } from './cellpaste';
import { CopyMemory } from './copymemory';
import type { IDropReport } from './drop';
import { DropListener } from './drop';
import type { PastedCell, ReportText } from './textcommand';
import { TextCommandListener } from './textcommand';

const CELL_MIME = 'application/vnd.jupyter.cells';

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
