import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { ReactWidget } from '@jupyterlab/apputils';
import * as React from 'react';
import type { IColumn } from '../../classview/grid/column';
import { Grid } from '../../classview/grid/grid';
import { trans, until } from '../fakes';

interface IRow {
  readonly id: string;
  readonly solved: number | null;
}

const opened = jest.fn<void, [string]>();

const COLUMNS: ReadonlyArray<IColumn<IRow>> = [
  {
    id: 'id',
    title: trans.__('student'),
    width: 100,
    sort: row => row.id,
    text: row => row.id
  },
  {
    id: 'solved',
    title: trans.__('solved'),
    width: 60,
    sort: row => row.solved,
    isLargestFirst: true,
    text: row => String(row.solved ?? '–'),
    open: row => opened(row.id)
  }
];

const FOOT = {
  texts: new Map([['solved', '50 %']]),
  strong: new Set<string>(),
  opens: new Map([['solved', () => opened('class')]])
};

/** A class whose rows can be replaced by others. */
class Harness extends ReactWidget {
  rows: ReadonlyArray<IRow> = [];

  protected render(): React.JSX.Element {
    return (
      <Grid
        label={trans.__('Progress')}
        columns={COLUMNS}
        rows={this.rows}
        idOf={({ id }) => id}
        foot={FOOT}
      />
    );
  }

  async have(rows: ReadonlyArray<IRow>): Promise<void> {
    this.rows = rows;
    this.update();
    MessageLoop.flush();
    await until(() => this.ids().length > 0);
  }

  ids(): (string | null)[] {
    return this.all('tbody th').map(({ textContent }) => textContent);
  }

  all(selector: string): HTMLElement[] {
    return [...this.node.querySelectorAll<HTMLElement>(selector)];
  }

  press(key: string, ctrlKey = false): void {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true })
    );
  }

  /** Where the focus is: row and column. */
  get at(): (string | null | undefined)[] {
    const cell = document.activeElement?.closest('th, td');
    return [
      cell?.closest('tr')?.getAttribute('aria-rowindex'),
      cell?.getAttribute('aria-colindex')
    ];
  }
}

const ROWS: ReadonlyArray<IRow> = ['a', 'b', 'c', 'd'].map((id, index) => ({
  id,
  solved: id === 'c' ? null : index
}));

let grid: Harness;

beforeEach(async () => {
  // jsdom lays nothing out, and a grid draws what there is room for.
  jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
  grid = new Harness();
  Widget.attach(grid, document.body);
  await grid.have(ROWS);
});

afterEach(() => {
  grid.dispose();
  jest.restoreAllMocks();
});

describe('the grid', () => {
  it('is a table with every number of its rows and columns', () => {
    const [table] = grid.all('table[role="grid"]');
    expect(table.getAttribute('aria-rowcount')).toBe('6');
    expect(table.getAttribute('aria-colcount')).toBe('2');
    expect(grid.all('tfoot').map(({ textContent }) => textContent)).toEqual([
      'class50 %'
    ]);
  });

  it('is one stop of the keyboard, which reaches every cell of it', async () => {
    expect(grid.all('[tabindex="0"]')).toHaveLength(1);
    grid.all('[tabindex="0"]')[0].focus();
    const steps: [string, boolean, string[]][] = [
      ['ArrowDown', false, ['2', '1']],
      ['ArrowRight', false, ['2', '2']],
      ['End', true, ['6', '2']],
      ['ArrowUp', false, ['5', '2']],
      ['Home', false, ['5', '1']],
      ['Home', true, ['1', '1']]
    ];
    for (const [key, isControl, place] of steps) {
      grid.press(key, isControl);
      await until(() => String(grid.at) === String(place));
      expect(grid.all('[tabindex="0"]')).toHaveLength(1);
    }
  });

  it('opens a cell with Enter', async () => {
    grid.all('[tabindex="0"]')[0].focus();
    grid.press('ArrowDown');
    await until(() => String(grid.at) === '2,1');
    grid.press('ArrowRight');
    await until(() => String(grid.at) === '2,2');
    grid.press('Enter');
    expect(opened).toHaveBeenCalledWith('a');
  });

  it('opens a figure of the class, with Enter and by a click, and nothing beside it', async () => {
    opened.mockClear();
    const [name, figure] = grid.all('tfoot th, tfoot td');
    name.click();
    expect(opened).not.toHaveBeenCalled();
    figure.click();
    expect(opened.mock.calls).toEqual([['class']]);
    figure.focus();
    await until(() => grid.at[1] === '2');
    grid.press('Enter');
    expect(opened.mock.calls).toEqual([['class'], ['class']]);
  });

  it('sorts by a column, those of whom nothing is known last', async () => {
    grid.all('thead button')[1].click();
    await until(() => String(grid.ids()) === 'd,b,a,c');
    expect(
      grid.all('th[aria-sort]').map(th => th.getAttribute('aria-sort'))
    ).toEqual(['descending']);
    grid.all('thead button')[1].click();
    await until(() => String(grid.ids()) === 'a,b,d,c');
  });

  it('never changes its order while somebody is in it', async () => {
    grid.all('thead button')[1].click();
    await until(() => String(grid.ids()) === 'd,b,a,c');
    grid.all('tbody td')[1].focus();
    const focused = document.activeElement;
    await grid.have([
      { id: 'new', solved: 9 },
      ...ROWS.map(({ id }) => ({ id, solved: id === 'a' ? 8 : 0 }))
    ]);
    await until(() => grid.ids().length === 5);
    expect(grid.ids()).toEqual(['d', 'b', 'a', 'c', 'new']);
    expect(document.activeElement).toBe(focused);
    const [update] = grid.all('.jp-cv-Grid-update');
    expect(update.hidden).toBe(false);
    update.click();
    await until(() => String(grid.ids()) === 'new,a,b,c,d');
  });
});
