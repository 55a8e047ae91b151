import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { pasteTracker } from '../../../trackers/paste/paste';
import { FakeDocument } from '../../notebookfakes';

let doc: FakeDocument;
let view: NotebookPanel;
let tracker: IDisposable;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
  doc = new FakeDocument();
  view = doc.addView();
  tracker = pasteTracker(doc.context);
});

afterEach(() => {
  tracker.dispose();
  doc.dispose();
  document.body.replaceChildren();
  jest.useRealTimers();
});

function fire(type: string, target: EventTarget, more: object): void {
  const event = new Event(type, { bubbles: true, cancelable: true });
  target.dispatchEvent(Object.assign(event, more));
}

/** The student takes hold of a text in this page. */
function drag(text: string): void {
  const dataTransfer = { getData: () => text };
  fire('dragstart', document.body, { dataTransfer });
}

/** What editor or notebook make of the next drop, and end the event. */
function onDrop(type: string, node: Node, act: () => void): void {
  node.addEventListener(
    type,
    event => {
      act();
      event.stopPropagation();
    },
    { once: true }
  );
}

function insert(cell: Cell, text: string, at = 0): void {
  cell.model.sharedModel.updateSource(at, at, text);
}

function dropText(cell: Cell, act: () => void, files: object[] = []): void {
  onDrop('drop', cell.node, act);
  fire('drop', cell.node, { dataTransfer: { files } });
}

const file = (text: string): object => ({ text: () => Promise.resolve(text) });

/** Let the files be read. */
async function read(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await Promise.resolve();
  }
}

describe('text dropped into a cell', () => {
  it('from outside is a paste by drop, told by its length', () => {
    doc.addCell('');
    const cell = doc.addCell('a = 1\n');
    dropText(cell, () => insert(cell, 'secret = 1\nsecret'));
    expect(doc.events).toEqual([
      [
        'paste',
        {
          length: 17,
          lines: 2,
          cell_id: cell.model.id,
          cell_index: 1,
          kind: 'text',
          internal: false,
          by: 'drop'
        }
      ]
    ]);
  });

  it('from another cell or a solution is internal', () => {
    const cell = doc.addCell('');
    drag('a = 1');
    dropText(cell, () => insert(cell, 'a = 1'));
    dropText(cell, () => insert(cell, 'b = 2'));
    expect(doc.all('paste')).toMatchObject([
      { internal: true },
      { internal: false }
    ]);
  });

  it('is none when the text was moved within its editor', () => {
    const cell = doc.addCell('ab');
    const { sharedModel } = cell.model;
    dropText(cell, () =>
      sharedModel.transact(() => {
        sharedModel.updateSource(0, 1);
        sharedModel.updateSource(1, 1, 'a');
      })
    );
    expect(sharedModel.getSource()).toBe('ba');
    expect(doc.events).toEqual([]);
  });

  it('is none when nothing came of it, and what is typed next is typed', () => {
    const cell = doc.addCell('');
    dropText(cell, () => undefined);
    jest.advanceTimersByTime(1);
    insert(cell, 'typed');
    expect(doc.events).toEqual([]);
  });

  it('may come out of files, which are read first, and what is typed meanwhile is typed', async () => {
    const cell = doc.addCell('');
    const files = [file('of a\r\nfile'), file('\0\0'), file('and another')];
    dropText(cell, () => undefined, files);
    insert(cell, 'typed');
    await read();
    insert(cell, 'of a\nfile\nand another');
    await read();
    insert(cell, 'of a\nfile\nand another');
    await read();
    expect(doc.all('paste')).toMatchObject([
      { length: 21, lines: 3, internal: false, by: 'drop' }
    ]);
  });

  it('is known also when the editor has read a file before us', async () => {
    const cell = doc.addCell('');
    const late: PromiseDelegate<string> = new PromiseDelegate();
    dropText(cell, () => insert(cell, 'read'), [{ text: () => late.promise }]);
    late.resolve('read');
    await read();
    expect(doc.all('paste')).toMatchObject([{ length: 4 }]);
  });

  it.each([
    ['a binary file', file('\x89PNG\r\n\x1a\n\0\0\0\r')],
    ['a file that cannot be read', { text: () => Promise.reject(new Error()) }],
    ['an empty file', file('')]
  ])('is none out of %s', async (_, dropped) => {
    const cell = doc.addCell('');
    dropText(cell, () => undefined, [dropped]);
    await read();
    insert(cell, 'typed');
    insert(cell, 'PNG');
    await read();
    expect(doc.events).toEqual([]);
  });

  it('is waited for no longer than a file takes', async () => {
    const cell = doc.addCell('');
    dropText(cell, () => undefined, [file('read')]);
    jest.advanceTimersByTime(10_000);
    insert(cell, 'read');
    await read();
    expect(doc.events).toEqual([]);
  });

  it('is no matter of ours any more when the tracker was stopped', () => {
    const cell = doc.addCell('');
    dropText(cell, () => {
      tracker.dispose();
      insert(cell, 'late');
    });
    dropText(cell, () => insert(cell, 'later'));
    expect(doc.events).toEqual([]);
  });
});

/** Cells are dropped on a cell of the notebook, and JupyterLab does something. */
function dropCells(source: unknown, act: () => void): void {
  const cell = view.content.widgets[0];
  onDrop('lm-drop', view.node.appendChild(cell.node), act);
  fire('lm-drop', cell.node, { source });
}

describe('cells dropped into the notebook', () => {
  it('are an internal paste by drop, when they are of another notebook', async () => {
    doc.addCell('before');
    dropCells({}, () => {
      doc.model.sharedModel.insertCells(1, [
        { cell_type: 'code', source: 'a = 1\nb = 2' },
        { cell_type: 'markdown', source: 'c' }
      ]);
    });
    await read();
    expect(doc.events).toEqual([
      [
        'paste',
        {
          length: 13,
          lines: 3,
          cell_id: doc.model.cells.get(1).id,
          cell_index: 1,
          kind: 'cells',
          internal: true,
          by: 'drop'
        }
      ]
    ]);
  });

  it('are one paste in the order they lie in, however they come', async () => {
    doc.addCell('before');
    const { sharedModel } = doc.model;
    dropCells({}, () => {
      sharedModel.insertCell(1, { cell_type: 'code', source: 'second' });
      sharedModel.insertCell(1, { cell_type: 'code', source: 'first' });
      sharedModel.insertCell(3, { cell_type: 'code', source: 'gone' });
      sharedModel.deleteCell(3);
    });
    await read();
    sharedModel.insertCell(0, { cell_type: 'code', source: 'typed' });
    await read();
    expect(doc.all('paste')).toMatchObject([
      { length: 12, lines: 2, cell_index: 1, kind: 'cells' }
    ]);
    expect(doc.all('paste')[0]).toMatchObject({
      cell_id: doc.model.cells.get(2).id
    });
  });

  it('are none when nothing came of it, or the tracker was stopped', async () => {
    doc.addCell('before');
    const { sharedModel } = doc.model;
    const insertOne = (): void =>
      void sharedModel.insertCell(1, { cell_type: 'code', source: 'a' });
    dropCells({}, () => undefined);
    jest.advanceTimersByTime(1);
    insertOne();
    dropCells({}, insertOne);
    tracker.dispose();
    await read();
    expect(doc.events).toEqual([]);
  });

  it('are none when they are moved within it', async () => {
    doc.addCell('a');
    doc.addCell('b');
    dropCells(view.content, () => doc.model.sharedModel.moveCell(0, 1));
    await read();
    expect(doc.events).toEqual([]);
  });

  it('are text when an editor takes them, even those of the notebook itself', () => {
    const cell = doc.addCell('a = 1');
    dropCells(view.content, () => insert(cell, 'a = 1'));
    expect(doc.all('paste')).toMatchObject([
      { length: 5, kind: 'text', internal: true, by: 'drop' }
    ]);
  });
});
