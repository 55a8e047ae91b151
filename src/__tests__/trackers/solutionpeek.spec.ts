import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { solutionPeekTracker } from '../../trackers/solutionpeek';
import { until } from '../fakes';
import { ListenerCount } from '../listeners';
import { FakeDocument } from '../notebookfakes';

const SOLUTION = '<details><summary>Solution</summary>42</details>';

let doc: FakeDocument;
let view: NotebookPanel;
let tracker: IDisposable;
let listeners: ListenerCount;
let toggles = 0;

document.addEventListener('toggle', () => toggles++, true);

function addCell(html: string): Cell {
  const cell = doc.addCell('text', 'markdown');
  cell.node.innerHTML = html;
  return cell;
}
const details = (cell: Cell, place = 0): HTMLDetailsElement =>
  cell.node.querySelectorAll('details')[place];

/** Until the page has told of one more toggle. */
async function toggled(act: () => void): Promise<void> {
  const before = toggles;
  act();
  await until(() => toggles > before);
}

/** A click as a student's: a page cannot make a trusted one by itself. */
function dispatchTrusted(target: Element): void {
  const event = new MouseEvent('click', { bubbles: true, cancelable: true });
  const impl = (object: object): Record<string, unknown> => {
    const [key] = Object.getOwnPropertySymbols(object).filter(
      symbol => symbol.description === 'impl'
    );
    return (object as Record<symbol, Record<string, unknown>>)[key];
  };
  impl(event).isTrusted = true;
  (impl(target)._dispatch as (event: unknown) => void).call(
    impl(target),
    impl(event)
  );
}
const click = (target: Element): Promise<void> =>
  toggled(() => dispatchTrusted(target));
const summaryOf = (cell: Cell, place = 0): Element =>
  details(cell, place).querySelector('summary') as Element;
const clickSummary = (cell: Cell, place = 0): Promise<void> =>
  click(summaryOf(cell, place));

/** A clock that stands still until the test is cleared away. */
const stopClock = (at: number): jest.SpyInstance<number> =>
  jest.spyOn(performance, 'now').mockReturnValue(at);

beforeEach(() => {
  doc = new FakeDocument();
  view = doc.addView();
  listeners = new ListenerCount();
  tracker = solutionPeekTracker(doc.context);
  toggles = 0;
});

afterEach(() => {
  tracker.dispose();
  listeners.restore();
  doc.dispose();
  document.body.replaceChildren();
  // Not before the tracker is gone, which asks the clock what is still open.
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('a solution that is opened', () => {
  it('is a peek, and how long it was open when it is closed', async () => {
    const now = stopClock(1_000);
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    const which = { summary: 'Solution', cell_id: cell.model.id, peek: 1 };
    expect(doc.events).toEqual([['solution_peek', which]]);
    now.mockReturnValue(3_500.4);
    await clickSummary(cell);
    expect(doc.events.slice(1)).toEqual([
      ['solution_closed', { ...which, open_ms: 2_500 }]
    ]);
  });

  it('is a peek also when its toggle comes as the time of an earlier click ends', () => {
    jest.useFakeTimers();
    const block = details(addCell(SOLUTION));
    const summary = block.querySelector('summary') as Element;
    // The browser tells of it a moment later.
    const tell = (): unknown => block.dispatchEvent(new Event('toggle'));
    // Opened and closed.
    dispatchTrusted(summary);
    tell();
    dispatchTrusted(summary);
    tell();
    jest.advanceTimersByTime(495);
    dispatchTrusted(summary);
    jest.advanceTimersByTime(10);
    tell();
    expect(doc.all('solution_peek')).toMatchObject([{ peek: 1 }, { peek: 2 }]);
  });

  it('is closed also by the opening of another of its group', async () => {
    const block = SOLUTION.replace('<details>', '<details name="group">');
    const cell = addCell(block + block);
    await clickSummary(cell, 0);
    await clickSummary(cell, 1);
    if (details(cell, 0).open) {
      // What a browser does that knows groups.
      await toggled(() => {
        details(cell, 0).open = false;
      });
    }
    expect(doc.all('solution_peek')).toHaveLength(2);
    expect(doc.all('solution_closed')).toMatchObject([
      { cell_id: cell.model.id, peek: 1 }
    ]);
    await clickSummary(cell, 0);
    expect(doc.all('solution_closed')).toHaveLength(1);
  });

  it('counts how often, each solution for itself', async () => {
    const cell = addCell(SOLUTION + SOLUTION);
    const other = addCell(SOLUTION);
    for (const [which, place] of [
      [cell, 0],
      [cell, 0],
      [cell, 0],
      [cell, 1],
      [other, 0]
    ] as const) {
      await clickSummary(which, place);
    }
    expect(doc.all('solution_peek').map(({ peek }) => peek)).toEqual([
      1, 2, 1, 1
    ]);
  });

  it('goes on counting after it was rendered again', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    cell.node.innerHTML = SOLUTION;
    await clickSummary(cell);
    expect(doc.all('solution_peek').map(({ peek }) => peek)).toEqual([1, 2]);
  });

  it('is closed when it is rendered again, and not before', async () => {
    const now = stopClock(1_000);
    const cell = addCell(SOLUTION + SOLUTION);
    await clickSummary(cell, 0);
    await clickSummary(cell, 1);
    // Scrolled out of sight the whole cell leaves the page, and comes again.
    const parent = cell.node.parentElement as Element;
    cell.node.remove();
    await Promise.resolve();
    parent.append(cell.node);
    await Promise.resolve();
    expect(doc.all('solution_closed')).toEqual([]);
    now.mockReturnValue(3_000);
    details(cell, 0).remove();
    await Promise.resolve();
    const which = { summary: 'Solution', cell_id: cell.model.id, peek: 1 };
    expect(doc.all('solution_closed')).toEqual([{ ...which, open_ms: 2_000 }]);
  });

  it('is closed when its cell is deleted', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    Object.defineProperty(cell, 'isDisposed', { value: true });
    cell.node.remove();
    await Promise.resolve();
    expect(doc.all('solution_closed')).toMatchObject([{ peek: 1 }]);
  });

  it('is closed with the session, when it was open until then', async () => {
    const now = stopClock(1_000);
    const cell = addCell(SOLUTION + SOLUTION);
    await clickSummary(cell, 0);
    await clickSummary(cell, 1);
    await clickSummary(cell, 1);
    now.mockReturnValue(4_000);
    tracker.dispose();
    tracker.dispose();
    expect(doc.all('solution_closed')).toMatchObject([
      { open_ms: 0 },
      { peek: 1, open_ms: 3_000 }
    ]);
  });

  it('is a peek also without a summary of its own', async () => {
    const cell = addCell(
      '<details>42<details><summary>Inner</summary>x</details></details>'
    );
    // A browser puts the click on its own summary down to the block.
    dispatchTrusted(details(cell));
    await toggled(() => {
      details(cell).open = true;
    });
    expect(doc.all('solution_peek')).toMatchObject([{ summary: '' }]);
  });

  it('tells no place in its summary', async () => {
    const cell = addCell(
      '<details><summary>/home/ann/x.py</summary></details>'
    );
    await clickSummary(cell);
    expect(doc.all('solution_peek')).toMatchObject([{ summary: '…/x.py' }]);
  });

  it('goes on counting in another view', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    const second = doc.addView();
    const twin = { ...cell, node: cell.node.cloneNode(true) } as Cell;
    details(twin).open = false;
    (second.content.widgets as Cell[]).push(twin);
    second.node.append(twin.node);
    await clickSummary(twin);
    expect(doc.all('solution_peek').map(({ peek }) => peek)).toEqual([1, 2]);
  });

  it('may be within another', async () => {
    const cell = addCell(
      `<details open><summary>Outer</summary>${SOLUTION}</details>`
    );
    await until(() => toggles > 0);
    await clickSummary(cell, 1);
    expect(doc.all('solution_peek')).toMatchObject([{ summary: 'Solution' }]);
  });

  it('may be clicked on something in its summary', async () => {
    const cell = addCell(
      '<details><summary>A <b>bold</b>\n  hint</summary></details>'
    );
    await click(cell.node.querySelector('b') as Element);
    expect(doc.all('solution_peek')).toMatchObject([
      { summary: 'A bold hint' }
    ]);
  });

  it('has a summary of bounded length, or none', async () => {
    const cell = addCell(
      `<details><summary>${'x'.repeat(500)}</summary></details>` +
        '<details><summary></summary></details>'
    );
    await clickSummary(cell, 0);
    await clickSummary(cell, 1);
    expect(doc.all('solution_peek').map(({ summary }) => summary)).toEqual([
      'x'.repeat(200),
      ''
    ]);
  });

  it('may stand in no cell', async () => {
    const footer = document.createElement('div');
    footer.innerHTML = SOLUTION;
    view.node.append(footer);
    await click(footer.querySelector('summary') as Element);
    expect(doc.all('solution_peek')).toMatchObject([{ cell_id: null }]);
  });
});

describe('what is no peek', () => {
  it('a block that renders open', async () => {
    addCell(SOLUTION.replace('<details>', '<details open>'));
    await until(() => toggles > 0);
    expect(doc.events).toEqual([]);
  });

  it('a block that find-in-page or a script unfolds', async () => {
    const cell = addCell(SOLUTION);
    await toggled(() => {
      details(cell).open = true;
    });
    await toggled(() => {
      details(cell).open = false;
    });
    await toggled(() => details(cell).querySelector('summary')?.click());
    expect(doc.events).toEqual([]);
  });

  it('the closing of one that was never opened by the student', async () => {
    const cell = addCell(SOLUTION.replace('<details>', '<details open>'));
    await until(() => toggles > 0);
    await clickSummary(cell);
    expect(doc.events).toEqual([]);
    await clickSummary(cell);
    expect(doc.all('solution_peek')).toMatchObject([{ peek: 1 }]);
  });

  it.each([
    [499, 1],
    [500, 0]
  ])(
    'a block that unfolds %d ms after a click that came to nothing (%d)',
    async (ms, peeks) => {
      jest.useFakeTimers({ doNotFake: ['requestAnimationFrame'] });
      const cell = addCell(SOLUTION);
      const prevent = (event: Event): void => event.preventDefault();
      summaryOf(cell).addEventListener('click', prevent);
      dispatchTrusted(summaryOf(cell));
      jest.advanceTimersByTime(ms);
      await toggled(() => {
        details(cell).open = true;
      });
      expect(doc.all('solution_peek')).toHaveLength(peeks);
    }
  );

  it('a block outside the notebook', async () => {
    document.body.insertAdjacentHTML('beforeend', `<p id="x">${SOLUTION}</p>`);
    await click(
      document.querySelector('body > details > summary, #x summary') as Element
    );
    expect(doc.events).toEqual([]);
  });
});

it('leaves no listener behind', async () => {
  const cell = addCell(SOLUTION);
  const before = listeners.left.length;
  doc.addView();
  expect(listeners.left.length).toBe(before + 2);
  tracker.dispose();
  expect(listeners.left).toEqual([]);
  await clickSummary(cell);
  expect(doc.events).toEqual([]);
});
