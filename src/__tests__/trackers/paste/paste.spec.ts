import { Clipboard } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import type { Signal } from '@lumino/signaling';
import { pasteTracker } from '../../../trackers/paste/paste';
import { ListenerCount } from '../../listeners';
import { FakeDocument } from '../../notebookfakes';

const CELLS = 'application/vnd.jupyter.cells';
const BELOW = 'notebook:paste-cell-below';

let doc: FakeDocument;
let view: NotebookPanel;
let tracker: IDisposable;
let listeners: ListenerCount;

/** Something happens to the clipboard, at a node. */
function clipboard(type: string, target: EventTarget, text: string): void {
  const event = new Event(type, { bubbles: true, cancelable: true });
  const getData = (mime: string): string => (mime === 'text/plain' ? text : '');
  target.dispatchEvent(Object.assign(event, { clipboardData: { getData } }));
}

function addEditor(cell: Cell): Element {
  const editor = document.createElement('div');
  editor.className = 'cm-content';
  cell.node.append(editor);
  return editor;
}

/** JupyterLab's command, which adds the cells of its clipboard. */
function addPasteCommand(
  id: string,
  sources: string[],
  before: () => Promise<void> | void = () => undefined
): void {
  const add = (): void => sources.forEach(source => doc.addCell(source));
  doc.commands.addCommand(id, {
    describedBy: { args: {} },
    execute: () => {
      const waits = before();
      return waits ? waits.then(add) : add();
    }
  });
}

/** How often what a signal brings is looked at. */
function touches(signal: unknown): number {
  const look = jest.fn();
  const args = {
    get id() {
      look();
      return BELOW;
    },
    get type() {
      look();
      return 'remove';
    }
  };
  (signal as Signal<unknown, object>).emit(args);
  return look.mock.calls.length;
}

/** Run a command, and all that follows upon its end. */
async function execute(id: string): Promise<void> {
  await doc.commands.execute(id);
  await new Promise(resolve => setTimeout(resolve));
}

beforeEach(() => {
  Clipboard.getInstance().clear();
  doc = new FakeDocument();
  view = doc.addView();
  listeners = new ListenerCount();
  tracker = pasteTracker(doc.context);
});

afterEach(() => {
  tracker.dispose();
  listeners.restore();
  doc.dispose();
  document.body.replaceChildren();
});

describe('text pasted into a cell', () => {
  it('is told by its length and lines, never by its text', () => {
    const cell = doc.addCell('');
    clipboard('paste', addEditor(cell), 'secret = 1\r\nprint(secret)\n');
    expect(doc.events).toEqual([
      [
        'paste',
        {
          length: 26,
          lines: 3,
          cell_id: cell.model.id,
          cell_index: 0,
          kind: 'text',
          internal: false,
          by: 'paste'
        }
      ]
    ]);
    expect(JSON.stringify(doc.events)).not.toContain('secret');
  });

  it('is seen though the editor ends the event', () => {
    const editor = addEditor(doc.addCell(''));
    editor.addEventListener('paste', event => event.stopPropagation());
    clipboard('paste', editor, 'x');
    expect(doc.events).toHaveLength(1);
  });

  it.each(['copy', 'cut'])('is internal after a %s in this page', type => {
    const editor = addEditor(doc.addCell(''));
    clipboard(type, document.body, 'a = 1\nb = 2');
    // Clipboards change line ends.
    clipboard('paste', editor, 'a = 1\r\nb = 2');
    clipboard('paste', editor, 'a = 1\nb = 3');
    clipboard('paste', editor, 'a = 1\nb = ');
    expect(doc.events.map(([, { internal }]) => internal)).toEqual([
      true,
      false,
      false
    ]);
  });

  it('is internal after a copy of a selection', () => {
    const editor = addEditor(doc.addCell(''));
    jest
      .spyOn(document, 'getSelection')
      .mockReturnValueOnce('from the lesson' as unknown as Selection);
    clipboard('copy', document.body, '');
    clipboard('paste', editor, 'from the lesson');
    expect(doc.all('paste')).toMatchObject([{ internal: true }]);
  });

  it('is internal also when a later copy had nothing to copy', () => {
    const editor = addEditor(doc.addCell(''));
    clipboard('copy', document.body, 'mine');
    clipboard('copy', document.body, '');
    clipboard('paste', editor, 'mine');
    expect(doc.all('paste')).toMatchObject([{ internal: true }]);
  });

  it('is none without text, an editor, or leave to write', () => {
    const cell = doc.addCell('');
    const editor = addEditor(cell);
    clipboard('paste', editor, '');
    clipboard('paste', cell.node, 'beside the editor');
    clipboard('paste', document.body, 'beside the notebook');
    Object.assign(cell, { readOnly: true });
    clipboard('paste', editor, 'x');
    expect(doc.events).toEqual([]);
  });
});

describe('whole cells pasted', () => {
  it.each([
    'notebook:paste-cell-above',
    BELOW,
    'notebook:paste-and-replace-cell'
  ])('by %s are one event', async id => {
    doc.addCell('before');
    await Promise.resolve();
    addPasteCommand(id, ['a = 1\nb = 2', 'c = 3']);
    await execute(id);
    const first = doc.model.cells.get(1).id;
    expect(doc.events).toEqual([
      [
        'paste',
        {
          length: 17,
          lines: 3,
          cell_id: first,
          cell_index: 1,
          kind: 'cells',
          internal: false,
          by: 'paste'
        }
      ]
    ]);
  });

  it('are seen when the command asks the clipboard of the system first', async () => {
    addPasteCommand(BELOW, ['x'], () => new Promise(r => setTimeout(r, 5)));
    await execute(BELOW);
    expect(doc.all('paste')).toMatchObject([{ length: 1, kind: 'cells' }]);
  });

  it('are internal when they are what JupyterLab has on its clipboard', async () => {
    const cells = [{ source: ['a = 1\n', 'b = 2'] }, { source: 'c = 3' }];
    Clipboard.getInstance().setData(CELLS, cells);
    addPasteCommand(BELOW, ['a = 1\nb = 2', 'c = 3']);
    await execute(BELOW);
    expect(doc.all('paste')).toMatchObject([{ internal: true }]);

    Clipboard.getInstance().setData(CELLS, [{ source: 'other' }]);
    await execute(BELOW);
    expect(doc.all('paste')).toMatchObject([{}, { internal: false }]);
  });

  it('are none when the command failed or added none', async () => {
    addPasteCommand(BELOW, []);
    await execute(BELOW);
    doc.commands.addCommand('notebook:paste-cell-above', {
      describedBy: { args: {} },
      execute: () => Promise.reject(new Error('no clipboard'))
    });
    await expect(execute('notebook:paste-cell-above')).rejects.toThrow();
    await execute(BELOW);
    expect(doc.events).toEqual([]);
  });

  it('are not cells that come into the notebook in other ways', async () => {
    doc.commands.addCommand('notebook:insert-cell-below', {
      describedBy: { args: {} },
      execute: () => void doc.addCell('x')
    });
    doc.addCell('opened');
    await execute('notebook:insert-cell-below');
    addPasteCommand(BELOW, ['pasted']);
    await execute(BELOW);
    await execute('notebook:insert-cell-below');
    expect(doc.all('paste')).toMatchObject([{ length: 6 }]);
  });
});

describe('dispose', () => {
  it('leaves no listener behind', async () => {
    const editor = addEditor(doc.addCell(''));
    addPasteCommand(BELOW, ['x']);
    expect(listeners.left).toEqual([
      'copy',
      'cut',
      'dragstart',
      'drop',
      'lm-drop',
      'paste'
    ]);
    tracker.dispose();
    expect(listeners.left).toEqual([]);
    clipboard('paste', editor, 'x');
    await execute(BELOW);
    expect(doc.events).toEqual([]);

    // JupyterLab's own model looks at changes of its cells, and nobody else.
    const untracked = new FakeDocument();
    expect(touches(doc.commands.commandExecuted)).toBe(0);
    expect(touches(doc.model.cells.changed)).toBe(
      touches(untracked.model.cells.changed)
    );
    untracked.dispose();
  });

  it('is silent of a paste that was under way', async () => {
    addPasteCommand(BELOW, ['x'], () => new Promise(r => setTimeout(r, 5)));
    const pasted = execute(BELOW);
    tracker.dispose();
    await pasted;
    expect(doc.events).toEqual([]);
  });

  it('lets go of the view that closes', () => {
    doc.views.remove(view);
    clipboard('paste', addEditor(doc.addCell('')), 'x');
    expect(listeners.left).toEqual(['copy', 'cut', 'dragstart']);
  });
});
