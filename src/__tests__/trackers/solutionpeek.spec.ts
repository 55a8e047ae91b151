import type { Cell } from '@jupyterlab/cells';
import { forgetSecrets } from '../../events/secrets';
import { until } from '../fakes';
import { details, dispatchTrusted, PeekStage, SOLUTION } from './peekstage';

const stage = new PeekStage();
const { addCell, click, clickSummary, toggled } = stage;

/** A clock that stands still until the test is cleared away. */
const stopClock = (at: number): jest.SpyInstance<number> =>
  jest.spyOn(performance, 'now').mockReturnValue(at);

describe('a solution that is opened', () => {
  it('is a peek, and how long it was open when it is closed', async () => {
    const now = stopClock(1_000);
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    const which = {
      summary: 'Solution',
      cell_id: cell.model.id,
      cell_index: 0,
      peek: 1
    };
    expect(stage.doc.events).toEqual([['solution_peek', which]]);
    now.mockReturnValue(3_500.4);
    await clickSummary(cell);
    expect(stage.doc.events.slice(1)).toEqual([
      ['solution_closed', { ...which, open_ms: 2_500 }]
    ]);
  });

  it('tells no secret of its summary, opened or closed', async () => {
    const summary = 'Solution: password = "gr33n-apples-9"';
    const cell = addCell(`<details><summary>${summary}</summary>42</details>`);
    await clickSummary(cell);
    await clickSummary(cell);
    const clean = { summary: 'Solution: password = "‹secret›"' };
    expect(stage.doc.events).toMatchObject([
      ['solution_peek', clean],
      ['solution_closed', clean]
    ]);
    forgetSecrets();
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
    expect(stage.doc.all('solution_peek')).toMatchObject([
      { peek: 1 },
      { peek: 2 }
    ]);
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
    expect(stage.doc.all('solution_peek')).toHaveLength(2);
    expect(stage.doc.all('solution_closed')).toMatchObject([
      { cell_id: cell.model.id, peek: 1 }
    ]);
    await clickSummary(cell, 0);
    expect(stage.doc.all('solution_closed')).toHaveLength(1);
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
    expect(stage.doc.all('solution_peek').map(({ peek }) => peek)).toEqual([
      1, 2, 1, 1
    ]);
  });

  it('goes on counting after it was rendered again', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    cell.node.innerHTML = SOLUTION;
    await clickSummary(cell);
    expect(stage.doc.all('solution_peek').map(({ peek }) => peek)).toEqual([
      1, 2
    ]);
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
    expect(stage.doc.all('solution_closed')).toEqual([]);
    now.mockReturnValue(3_000);
    details(cell, 0).remove();
    await Promise.resolve();
    const which = {
      summary: 'Solution',
      cell_id: cell.model.id,
      cell_index: 0,
      peek: 1
    };
    expect(stage.doc.all('solution_closed')).toEqual([
      { ...which, open_ms: 2_000 }
    ]);
  });

  it('is closed when its cell is deleted', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    Object.defineProperty(cell, 'isDisposed', { value: true });
    cell.node.remove();
    await Promise.resolve();
    expect(stage.doc.all('solution_closed')).toMatchObject([{ peek: 1 }]);
  });

  it('is closed with the session, when it was open until then', async () => {
    const now = stopClock(1_000);
    const cell = addCell(SOLUTION + SOLUTION);
    await clickSummary(cell, 0);
    await clickSummary(cell, 1);
    await clickSummary(cell, 1);
    now.mockReturnValue(4_000);
    stage.tracker.dispose();
    stage.tracker.dispose();
    expect(stage.doc.all('solution_closed')).toMatchObject([
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
    expect(stage.doc.all('solution_peek')).toMatchObject([{ summary: '' }]);
  });

  it('tells no place in its summary', async () => {
    const cell = addCell(
      '<details><summary>/home/ann/x.py</summary></details>'
    );
    await clickSummary(cell);
    expect(stage.doc.all('solution_peek')).toMatchObject([
      { summary: '…/x.py' }
    ]);
  });

  it('goes on counting in another view', async () => {
    const cell = addCell(SOLUTION);
    await clickSummary(cell);
    const second = stage.doc.addView();
    const twin = { ...cell, node: cell.node.cloneNode(true) } as Cell;
    details(twin).open = false;
    (second.content.widgets as Cell[]).push(twin);
    second.node.append(twin.node);
    await clickSummary(twin);
    expect(stage.doc.all('solution_peek').map(({ peek }) => peek)).toEqual([
      1, 2
    ]);
  });

  it('may be within another', async () => {
    const cell = addCell(
      `<details open><summary>Outer</summary>${SOLUTION}</details>`
    );
    await until(() => stage.toggles > 0);
    await clickSummary(cell, 1);
    expect(stage.doc.all('solution_peek')).toMatchObject([
      { summary: 'Solution' }
    ]);
  });

  it('may be clicked on something in its summary', async () => {
    const cell = addCell(
      '<details><summary>A <b>bold</b>\n  hint</summary></details>'
    );
    await click(cell.node.querySelector('b') as Element);
    expect(stage.doc.all('solution_peek')).toMatchObject([
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
    expect(
      stage.doc.all('solution_peek').map(({ summary }) => summary)
    ).toEqual(['x'.repeat(200), '']);
  });

  it('may stand in no cell', async () => {
    const footer = document.createElement('div');
    footer.innerHTML = SOLUTION;
    stage.view.node.append(footer);
    await click(footer.querySelector('summary') as Element);
    expect(stage.doc.all('solution_peek')).toMatchObject([{ cell_id: null }]);
  });
});

it('leaves no listener behind', async () => {
  const cell = addCell(SOLUTION);
  const before = stage.listeners.left.length;
  stage.doc.addView();
  expect(stage.listeners.left.length).toBe(before + 2);
  stage.tracker.dispose();
  expect(stage.listeners.left).toEqual([]);
  await clickSummary(cell);
  expect(stage.doc.events).toEqual([]);
});
