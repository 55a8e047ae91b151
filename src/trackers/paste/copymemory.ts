import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { fingerprint } from '../../events/fingerprint';
import type { ITrackerContext } from '../tracker';

/** The context menu's commands write to the clipboard without an event. */
const COPY_COMMANDS: ReadonlySet<string> = new Set([
  'notebook:copy-selected-text',
  'notebook:cut-selected-text'
]);

/**
 * The fingerprints of what was last copied and dragged in this page, to tell a
 * student's moving of their own text from text of elsewhere. The text is not kept.
 */
export class CopyMemory implements IDisposable {
  constructor(private readonly _context: ITrackerContext) {
    document.addEventListener('copy', this);
    document.addEventListener('cut', this);
    document.addEventListener('dragstart', this);
    _context.commands.commandExecuted.connect(this._onCommand, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether this text is what was last copied here. */
  has(text: string): boolean {
    return fingerprint(text) === Private.copied.last;
  }

  /** Whether this text is what was last dragged out of a place in this page. */
  wasDragged(text: string): boolean {
    return fingerprint(text) === Private.dragged.last;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    document.removeEventListener('copy', this);
    document.removeEventListener('cut', this);
    document.removeEventListener('dragstart', this);
    Signal.clearData(this);
  }

  handleEvent(event: Event): void {
    const isDrag = event.type === 'dragstart';
    const data = isDrag
      ? (event as DragEvent).dataTransfer
      : (event as ClipboardEvent).clipboardData;
    // The editor has put its text by now; elsewhere the browser will take the selection.
    const text =
      data?.getData('text/plain') || String(document.getSelection() ?? '');
    remember(text, isDrag ? Private.dragged : Private.copied);
  }

  private _onCommand(
    _: CommandRegistry,
    { id }: CommandRegistry.ICommandExecutedArgs
  ): void {
    if (COPY_COMMANDS.has(id)) {
      remember(this._selectedText(), Private.copied);
    }
  }

  private _selectedText(): string {
    const selection = document.getSelection();
    for (const { content } of this._context.views.all) {
      const editor = content.activeCell?.editor;
      if (editor?.host.contains(selection?.anchorNode ?? null)) {
        // The page holds only those lines of a long selection that show.
        const { start, end } = editor.getSelection();
        return editor.model.sharedModel
          .getSource()
          .slice(editor.getOffsetAt(start), editor.getOffsetAt(end));
      }
    }
    return String(selection ?? '');
  }

  private _isDisposed = false;
}

/** Where nothing is selected, a copy leaves the clipboard as it was. */
function remember(text: string, memory: { last: string }): void {
  if (text !== '') {
    memory.last = fingerprint(text);
  }
}

namespace Private {
  /**
   * The same for the whole page: a text copied in one notebook may be pasted in another
   * that is opened only then.
   */
  export const copied = { last: '' };
  export const dragged = { last: '' };
}
