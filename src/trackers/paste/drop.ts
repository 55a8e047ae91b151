import type { CellChange, ISharedCell } from '@jupyter/ydoc';
import type { ICellModel } from '@jupyterlab/cells';
import type { CellList, NotebookPanel } from '@jupyterlab/notebook';
import type { IObservableList } from '@jupyterlab/observables';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import { cellOfNode } from '../cellnode';
import type { ITrackerContext } from '../tracker';

/** How long an editor may take to read the files that were dropped on it. */
const READING_MS = 10_000;

/** The text of a file that CodeMirror takes for binary. */
const BINARY = /[\x00-\x08\x0e-\x1f]{2}/;

/** Who hears of drops. */
export interface IDropReport {
  /** @param isOfPage - whether the text was dragged by JupyterLab, out of this page */
  text(cell: ICellModel, text: string, isOfPage: boolean): void;
  cells(cells: ReadonlyArray<ICellModel>): void;
}

/**
 * What the student drops on a view: text and files by the browser's own drag,
 * cells by JupyterLab's. A drop is known by what it adds: text that is moved
 * within its editor, and a cell within its notebook, were there before.
 */
export class DropListener implements IDisposable {
  constructor(
    private readonly _context: ITrackerContext,
    private readonly _view: NotebookPanel,
    private readonly _report: IDropReport
  ) {
    // On the way down: editor and notebook end the event when they have read it.
    _view.node.addEventListener('drop', this, true);
    _view.node.addEventListener('lm-drop', this, true);
  }

  get isDisposed(): boolean {
    return this._following.isDisposed;
  }

  dispose(): void {
    this._following.dispose();
    this._view.node.removeEventListener('drop', this, true);
    this._view.node.removeEventListener('lm-drop', this, true);
  }

  handleEvent(event: Event): void {
    const isOfPage = event.type === 'lm-drop';
    const following = new DisposableSet();
    this._following.add(following);
    // What an editor reads out of files comes later, when the student may type already.
    const files = isOfPage
      ? []
      : [...((event as DragEvent).dataTransfer?.files ?? [])];
    const read = files.length > 0 ? textOf(files) : null;
    const cell = cellOfNode(this._view, event.target as Node);
    if (cell) {
      const { model } = cell;
      const report = (text: string): void => {
        following.dispose();
        this._report.text(model, text, isOfPage);
      };
      following.add(
        this._follow(model.sharedModel, text => {
          if (!read) {
            report(text);
          }
          void read?.then(expected => {
            if (text === expected && !following.isDisposed) {
              report(text);
            }
          });
        })
      );
    }
    const { source } = event as { source?: unknown };
    if (isOfPage && source !== this._view.content) {
      following.add(
        this._followCells(cells => {
          following.dispose();
          this._report.cells(cells);
        })
      );
    }
    window.setTimeout(() => following.dispose(), read ? READING_MS : 0);
  }

  /** Call back with the text that comes into a cell's source. */
  private _follow(
    cell: ISharedCell,
    report: (text: string) => void
  ): IDisposable {
    const onChanged = (_: unknown, { sourceChange }: CellChange): void => {
      const text = (sourceChange ?? [])
        .map(({ insert }) => insert ?? '')
        .join('');
      // A move takes the text away as well.
      if (text !== '' && !sourceChange?.some(part => part.delete)) {
        report(text);
      }
    };
    cell.changed.connect(onChanged);
    return new DisposableDelegate(() => cell.changed.disconnect(onChanged));
  }

  /** Call back with all cells that come into the notebook in this turn, in their order. */
  private _followCells(
    report: (cells: ReadonlyArray<ICellModel>) => void
  ): IDisposable {
    const { cells } = this._context.model;
    const added = new Set<ICellModel>();
    const onChanged = (
      _: CellList,
      change: IObservableList.IChangedArgs<ICellModel>
    ): void => {
      if (change.type !== 'add') {
        return;
      }
      if (added.size === 0) {
        queueMicrotask(() => {
          const there = [...cells].filter(cell => added.has(cell));
          if (!following.isDisposed && there.length > 0) {
            report(there);
          }
        });
      }
      change.newValues.forEach(cell => added.add(cell));
    };
    cells.changed.connect(onChanged);
    const following = new DisposableDelegate(() =>
      cells.changed.disconnect(onChanged)
    );
    return following;
  }

  /** The drops that are not settled. */
  private readonly _following = new DisposableSet();
}

/** What an editor makes of files: CodeMirror leaves out binary ones, and changes line ends. */
async function textOf(files: ReadonlyArray<File>): Promise<string> {
  const texts = await Promise.all(
    files.map(file => file.text().catch(() => null))
  );
  return texts
    .filter(text => text !== null && !BINARY.test(text))
    .join('\n')
    .replace(/\r\n?/g, '\n');
}
