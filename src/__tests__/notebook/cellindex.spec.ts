import { NotebookModel } from '@jupyterlab/notebook';
import { CellIndex } from '../../notebook/cellindex';

function add(model: NotebookModel, source: string, index?: number): string {
  const { sharedModel } = model;
  const cell = sharedModel.insertCell(index ?? model.cells.length, {
    cell_type: 'code',
    source
  });
  return cell.id;
}

describe('CellIndex', () => {
  let model: NotebookModel;
  let index: CellIndex;

  beforeEach(() => {
    model = new NotebookModel();
    model.sharedModel.deleteCellRange(0, model.cells.length);
    index = new CellIndex(model);
  });

  afterEach(() => {
    index.dispose();
    model.dispose();
  });

  it('tells where each cell stands', () => {
    const ids = ['a', 'b', 'c'].map(source => add(model, source));
    expect(ids.map(id => index.of(id))).toEqual([0, 1, 2]);
  });

  it('follows cells that are added, moved and deleted', () => {
    const [a, b] = ['a', 'b'].map(source => add(model, source));
    expect(index.of(b)).toBe(1);

    const first = add(model, 'first', 0);
    expect([first, a, b].map(id => index.of(id))).toEqual([0, 1, 2]);

    model.sharedModel.moveCell(2, 0);
    expect([first, a, b].map(id => index.of(id))).toEqual([1, 2, 0]);

    model.sharedModel.deleteCell(0);
    expect([first, a, b].map(id => index.of(id))).toEqual([0, 1, -1]);
  });

  it('walks through the notebook once, however many ask', () => {
    const ids = Array.from({ length: 50 }, (_, i) => add(model, String(i)));
    const walks = jest.spyOn(model.cells, Symbol.iterator);
    ids.forEach(id => index.of(id));
    expect(walks).toHaveBeenCalledTimes(1);
  });

  it('no longer listens when disposed', () => {
    const a = add(model, 'a');
    expect(index.of(a)).toBe(0);
    index.dispose();
    add(model, 'before', 0);
    expect(index.of(a)).toBe(0);
    expect(index.isDisposed).toBe(true);
  });
});
