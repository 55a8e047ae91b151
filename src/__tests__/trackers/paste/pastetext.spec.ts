import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { pasteTracker } from '../../../trackers/paste/paste';
import { FakeDocument } from '../../notebookfakes';

const PASTE = 'notebook:paste-text';
const COPY = 'notebook:copy-selected-text';
const CUT = 'notebook:cut-selected-text';

let doc: FakeDocument;
let view: NotebookPanel;
let cell: Cell;
let tracker: IDisposable;
/** What the browser will paste. */
let clipboard: string;

function addCommand(id: string, execute: () => unknown): void {
  doc.commands.addCommand(id, { describedBy: { args: {} }, execute });
}

/** Run a command, and all that follows upon its end. */
async function execute(id: string): Promise<void> {
  await doc.commands.execute(id);
  await new Promise(resolve => setTimeout(resolve));
}

/** Select a part of the cell's code, of which the page holds less. */
function select(start: number, end: number): void {
  const host = document.createElement('div');
  host.append('the lines that show');
  Object.assign(cell, {
    editor: {
      host,
      model: cell.model,
      getSelection: () => ({ start, end }),
      getOffsetAt: (position: number) => position
    }
  });
  jest.spyOn(document, 'getSelection').mockReturnValue({
    anchorNode: host.firstChild,
    toString: () => 'the lines'
  } as Selection);
}

beforeEach(() => {
  doc = new FakeDocument();
  view = doc.addView();
  cell = doc.addCell('first\nsecond\n');
  Object.assign(view.content, { activeCell: cell });
  tracker = pasteTracker(doc.context);
  addCommand(PASTE, async () => {
    // The command asks the clipboard of the system first.
    await new Promise(resolve => setTimeout(resolve));
    const { sharedModel } = cell.model;
    sharedModel.updateSource(6, 6, clipboard);
  });
  addCommand(COPY, () => undefined);
  addCommand(CUT, () => undefined);
});

afterEach(() => {
  tracker.dispose();
  doc.dispose();
  jest.restoreAllMocks();
  document.body.replaceChildren();
});

describe('text pasted by the context menu', () => {
  it('is told by its length and lines, never by its text', async () => {
    clipboard = 'secret = 1\nprint(secret)';
    await execute(PASTE);
    expect(doc.events).toEqual([
      [
        'paste',
        {
          length: 24,
          lines: 2,
          cell_id: cell.model.id,
          cell_index: 0,
          by: 'paste',
          kind: 'text',
          internal: false
        }
      ]
    ]);
  });

  it('is none when there was none, or no cell to paste into', async () => {
    clipboard = '';
    await execute(PASTE);
    Object.assign(view.content, { activeCell: null });
    clipboard = 'x';
    await execute(PASTE);
    expect(doc.events).toEqual([]);
  });

  it('is none when the command failed', async () => {
    addCommand('notebook:paste-cell-below', () => undefined);
    jest
      .spyOn(cell.model.sharedModel, 'updateSource')
      .mockImplementation(() => {
        throw new Error('read only');
      });
    clipboard = 'x';
    await expect(execute(PASTE)).rejects.toThrow('read only');
    cell.model.sharedModel.setSource('typed later');
    expect(doc.events).toEqual([]);
  });

  it.each([COPY, CUT])('is internal after %s, all of it', async id => {
    select(0, 12);
    await execute(id);
    clipboard = 'first\nsecond';
    await execute(PASTE);
    clipboard = 'the lines';
    await execute(PASTE);
    expect(doc.all('paste').map(({ internal }) => internal)).toEqual([
      true,
      false
    ]);
  });

  it('is internal after a copy from a rendered cell', async () => {
    jest.spyOn(document, 'getSelection').mockReturnValue({
      anchorNode: document.body,
      toString: () => 'from the lesson'
    } as unknown as Selection);
    await execute(COPY);
    clipboard = 'from the lesson';
    await execute(PASTE);
    expect(doc.all('paste')).toMatchObject([{ internal: true }]);
  });

  it('is not told when the session ends meanwhile', async () => {
    clipboard = 'x';
    const pasted = execute(PASTE);
    tracker.dispose();
    await pasted;
    await execute(PASTE);
    expect(doc.events).toEqual([]);
  });
});
