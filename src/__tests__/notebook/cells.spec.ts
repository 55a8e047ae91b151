import type { ISharedCell } from '@jupyter/ydoc';
import type * as nbformat from '@jupyterlab/nbformat';
import { NotebookModel } from '@jupyterlab/notebook';
import samples from '../../../conformance/rules/cell_ids.json';
import { KEPT_ID } from '../../notebook/cellids';
import { Cells } from '../../notebook/cells';

interface IOptions {
  readonly minor?: number;
  readonly path?: string;
  readonly isKept?: boolean;
}

/** A notebook as JupyterLab has it open. */
class Opened {
  constructor(
    cells: ReadonlyArray<object>,
    { minor = 4, path = 'D1.ipynb', isKept = true }: IOptions = {}
  ) {
    this.model.fromJSON({
      nbformat: 4,
      nbformat_minor: minor,
      metadata: {},
      cells: JSON.parse(JSON.stringify(cells)) as nbformat.ICell[]
    });
    // As JupyterLab does with a file it has read.
    this.model.sharedModel.clearUndoHistory();
    this.model.dirty = false;
    this.cells = new Cells(
      { model: this.model, localPath: path } as never,
      isKept
    );
    opened.push(this);
  }

  readonly model = new NotebookModel({ disableDocumentWideUndoRedo: false });
  readonly cells: Cells;

  get shared(): ReadonlyArray<ISharedCell> {
    return this.model.sharedModel.cells;
  }

  /** The ids that events tell, in the order of the cells. */
  get ids(): Array<string | null> {
    return [...this.model.cells].map(({ id }) => this.cells.place(id).cell_id);
  }

  /** The file, as it would be saved. */
  get saved(): ReadonlyArray<nbformat.ICell> {
    return this.model.toJSON().cells;
  }

  insert(index: number, cell: object): void {
    this.model.sharedModel.insertCell(index, cell as never);
  }

  copy(index: number): nbformat.ICell {
    const { id: _, ...cell } = this.shared[index].toJSON();
    return cell;
  }

  dispose(): void {
    this.cells.dispose();
    this.model.dispose();
  }
}

const opened: Opened[] = [];

afterEach(() => {
  opened.splice(0).forEach(notebook => notebook.dispose());
});

function code(source: string, metadata: object = {}): object {
  return { cell_type: 'code', source, metadata, outputs: [] };
}

const LESSON = [code('a = 1'), code(''), code(''), code('b = a + 1')];

describe('the ids of a file of format 4.5', () => {
  const cells = ['x', 'y'].map(id => ({ ...code('same'), id }));

  it('are those of the file, which is not written to', () => {
    const notebook = new Opened(cells, { minor: 5 });
    expect(notebook.ids).toEqual(['x', 'y']);
    expect(notebook.saved).toMatchObject([{ metadata: {} }, { metadata: {} }]);
    expect(notebook.saved[0].metadata).not.toHaveProperty(KEPT_ID);
  });

  it('give way to one that was kept when the file was of an older format', () => {
    const kept = [{ ...code('1', { [KEPT_ID]: 'first' }), id: 'x' }];
    const notebook = new Opened([...kept, cells[1]], { minor: 5 });
    expect(notebook.ids).toEqual(['first', 'y']);
    notebook.insert(2, notebook.copy(0));
    const [, , copy] = notebook.shared;
    expect(notebook.ids).toEqual(['first', 'y', copy.id]);
    expect(copy.getMetadata(KEPT_ID)).toBe(copy.id);
  });
});

describe('the ids of a file without ids', () => {
  it.each(samples)('are derived, for $about', ({ cells, ids }) => {
    expect(new Opened(cells).ids).toEqual(ids);
  });

  it.each([0, 1, 2, 3, 4])(
    'are the same at each opening of format 4.%d, though cells have stray ids',
    minor => {
      const stray = LESSON.map((cell, i) => ({ ...cell, id: `stray-${i}` }));
      const { ids } = new Opened(LESSON, { minor });
      expect(new Opened(stray, { minor }).ids).toEqual(ids);
      expect(new Set(ids).size).toBe(4);
      expect(ids.join()).not.toContain('stray');
    }
  );

  it('do not make the student save, nor undo them', () => {
    const { model, saved } = new Opened(LESSON);
    expect(saved[0].metadata[KEPT_ID]).toMatch(/^[0-9a-f]{16}$/);
    expect(model.dirty).toBe(false);
    expect(model.sharedModel.canUndo()).toBe(false);
  });

  it('stay through edits, saving and another opening', () => {
    const notebook = new Opened(LESSON);
    const [a, b, c, d] = notebook.ids;
    notebook.shared[0].setSource('a = 2');
    notebook.insert(1, code('new'));
    notebook.model.sharedModel.moveCell(4, 0);
    const added = notebook.shared[2].id;
    expect(notebook.ids).toEqual([d, a, added, b, c]);
    expect(notebook.saved[0]).not.toHaveProperty('id');
    expect(new Opened(notebook.saved).ids).toEqual([d, a, added, b, c]);
  });

  it.each(['above', 'below'])('are no copy’s, pasted %s', where => {
    const test = { nbgrader: { grade: true, grade_id: 'test-1' } };
    const notebook = new Opened([code('1'), code('assert 1', test)]);
    const [first] = notebook.ids;
    const at = where === 'above' ? 1 : 2;
    notebook.insert(at, notebook.copy(1));
    const ids = [first, 'test-1'];
    ids.splice(at, 0, notebook.shared[at].id);
    expect(notebook.ids).toEqual(ids);
    expect(new Opened(notebook.saved).ids).toEqual(ids);
  });

  it('are the first half’s when a cell is split, and the whole’s after an undo', () => {
    const notebook = new Opened(LESSON);
    const before = notebook.ids;
    const { sharedModel } = notebook.model;
    const halves = ['a', '= 1'].map(source => ({
      ...notebook.copy(0),
      source
    }));
    sharedModel.transact(() => {
      sharedModel.deleteCell(0);
      sharedModel.insertCells(0, halves);
    });
    const second = notebook.shared[1].id;
    const [first, ...others] = before;
    expect(notebook.ids).toEqual([first, second, ...others]);

    sharedModel.undo();
    expect(notebook.ids).toEqual(before);
    expect(notebook.saved.map(({ metadata }) => metadata[KEPT_ID])).toEqual(
      before
    );
    sharedModel.redo();
    expect(notebook.ids).toEqual([first, second, ...others]);
  });

  it('come back with a cell that was cut and pasted', () => {
    const notebook = new Opened(LESSON);
    const [a, b, c, d] = notebook.ids;
    const cut = notebook.copy(3);
    notebook.model.sharedModel.deleteCell(3);
    expect(notebook.ids).toEqual([a, b, c]);
    notebook.insert(0, cut);
    expect(notebook.ids).toEqual([d, a, b, c]);
  });

  it('are as before when the file is read again', () => {
    const notebook = new Opened(LESSON);
    const { ids, model } = notebook;
    model.fromJSON(new Opened(LESSON, { isKept: false }).model.toJSON());
    expect(notebook.ids).toEqual(ids);
  });

  it('are written in time for a copy that is made right after', async () => {
    const notebook = new Opened(LESSON);
    notebook.insert(0, code('new'));
    await Promise.resolve();
    expect(notebook.saved[0].metadata[KEPT_ID]).toBe(notebook.shared[0].id);
  });

  it.each([
    ['a text notebook, whatever its format', { path: 'D1.md', minor: 5 }],
    ['a notebook that is not flagged', { isKept: false }]
  ])('are not written into %s', (_, options) => {
    const lesson = LESSON.map((cell, i) => ({ ...cell, id: `random-${i}` }));
    const notebook = new Opened(lesson, options);
    expect(notebook.ids).toEqual(new Opened(LESSON).ids);
    notebook.insert(0, code('new'));
    expect(notebook.ids[0]).toBe(notebook.shared[0].id);
    expect(JSON.stringify(notebook.saved)).not.toContain(KEPT_ID);
  });
});

describe('two cells with one id, as by a drag out of a copy of the notebook', () => {
  const options = { minor: 5 };
  const cell = (source: string, id: string): object => ({
    ...code(source),
    id
  });
  let notebook: Opened;
  let ids: Array<string | null>;
  /** By the cells themselves, of which their model ids say nothing. */
  const told = (): Array<string | null> =>
    [...notebook.model.cells].map(model => notebook.cells.place(model).cell_id);

  beforeEach(() => {
    notebook = new Opened([cell('a', 'x'), cell('b', 'y')], options);
    notebook.insert(0, cell('dragged', 'y'));
    ids = told();
  });

  it('are told apart, and the cell that was there keeps its id', () => {
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), 'x', 'y']);
    expect(
      [...notebook.model.cells].map(
        model => notebook.cells.place(model).cell_index
      )
    ).toEqual([0, 1, 2]);
    // The kernel's messages name the id that both have.
    expect(notebook.cells.place('y')).toEqual({ cell_id: 'y', cell_index: 2 });
  });

  it('do not swap ids when something changes', () => {
    notebook.insert(3, cell('c', 'z'));
    expect(told()).toEqual([...ids, 'z']);
    notebook.insert(0, cell('d', 'w'));
    expect(told()).toEqual(['w', ...ids, 'z']);
    notebook.model.sharedModel.deleteCell(1);
    expect(told()).toEqual(['w', 'x', 'y', 'z']);
  });

  it('have these ids at the next opening, though saving leaves one of the two', () => {
    const saved = notebook.saved.map((each, place) => ({
      ...each,
      // As nbformat does.
      id: place === 2 ? 'made-up' : each.id
    }));
    expect(new Opened(saved, options).ids).toEqual(ids);
  });
});

describe('the place of a cell', () => {
  it('follows cells that are added, moved and deleted', () => {
    const notebook = new Opened(LESSON);
    const places = (): number[] =>
      [a, d].map(id => notebook.cells.place(id).cell_index);
    const [a, , , d] = notebook.shared.map(({ id }) => id);
    const [id] = notebook.ids;
    expect(places()).toEqual([0, 3]);
    notebook.insert(0, code('new'));
    expect(places()).toEqual([1, 4]);
    expect(notebook.cells.indexOf(id!)).toBe(1);
    notebook.model.sharedModel.deleteCell(1);
    expect(places()).toEqual([-1, 3]);
    expect(notebook.cells.place(a)).toEqual({ cell_id: id, cell_index: -1 });
    expect(notebook.cells.indexOf(id!)).toBe(-1);
  });

  it('is asked for without a walk through the notebook', () => {
    const { cells, model, shared } = new Opened(LESSON);
    const walks = jest.spyOn(model.cells, Symbol.iterator);
    shared.forEach(({ id }) => cells.place(id));
    expect(walks).not.toHaveBeenCalled();
  });

  it('is no longer followed when disposed', async () => {
    const notebook = new Opened(LESSON);
    const [, b] = notebook.shared;
    notebook.cells.dispose();
    notebook.insert(0, code('new'));
    await Promise.resolve();
    expect(notebook.cells.place(b.id).cell_index).toBe(1);
    expect(notebook.shared[0].getMetadata(KEPT_ID)).toBeUndefined();
    expect(notebook.cells.isDisposed).toBe(true);
  });
});
