import { code, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';

const solution = (summary: string, open = ''): string =>
  `<details${open}><summary>${summary}</summary>\n\nthe answer\n\n</details>`;

test('a student’s opening and closing is told, in text and in output', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'peeks', [
    markdown(`${solution('  First\n hint ')}\n\n${solution('Second')}`),
    code(
      `from IPython.display import HTML\nHTML(${JSON.stringify(solution('Shown'))})`
    )
  ]);
  const [first, second] = [0, 1].map(nth =>
    lesson.cell(0).locator('summary').nth(nth)
  );

  await first.click();
  await first.click();
  await second.click();
  await first.click();
  expect(await lesson.captured('solution_peek', 3)).toEqual([
    { summary: 'First hint', cell_id: 'cell-0', cell_index: 0, peek: 1 },
    { summary: 'Second', cell_id: 'cell-0', cell_index: 0, peek: 1 },
    { summary: 'First hint', cell_id: 'cell-0', cell_index: 0, peek: 2 }
  ]);

  await lesson.runToEnd(1);
  const shown = lesson.cell(1).locator('summary');
  await shown.click();
  const opened = Date.now();
  expect((await lesson.captured('solution_peek', 4))[3]).toEqual({
    summary: 'Shown',
    cell_id: 'cell-1',
    cell_index: 1,
    peek: 1
  });
  const open = Date.now() - opened;
  await shown.click();
  const closed = await lesson.captured('solution_closed', 2);
  expect(closed).toEqual([
    {
      summary: 'First hint',
      cell_id: 'cell-0',
      cell_index: 0,
      peek: 1,
      open_ms: expect.any(Number)
    },
    {
      summary: 'Shown',
      cell_id: 'cell-1',
      cell_index: 1,
      peek: 1,
      open_ms: expect.any(Number)
    }
  ]);
  expect(closed[1].open_ms).toBeGreaterThanOrEqual(open - 1);
  // Open again, it goes with the output that it is in.
  await shown.click();
  expect((await lesson.captured('solution_peek', 5))[4].peek).toBe(2);
  await lesson.run(1);
  await lesson.captured('cell_executed', 2);
  expect((await lesson.captured('solution_closed', 3))[2].peek).toBe(2);
  expect(await lesson.history()).toEqual([
    'session_started',
    'solution_peek',
    'solution_closed',
    'solution_peek',
    'solution_peek',
    'cell_executed',
    'solution_peek',
    'solution_closed',
    'solution_peek',
    'solution_closed',
    'cell_executed'
  ]);
});

test('the keyboard opens too', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'keys', [
    markdown(solution('Hint'))
  ]);
  const summary = lesson.cell(0).locator('summary');

  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(lesson.cell(0).locator('details')).toHaveAttribute('open');
  await lesson.captured('solution_peek', 1);
  await page.keyboard.press('Space');
  await lesson.captured('solution_closed', 1);
});

test('what opens without the student is no peek', async ({ page, server }) => {
  const lesson = await Lesson.begin(page, server, 'nopeeks', [
    markdown(solution('Open from the start', ' open')),
    markdown(solution('Hint')),
    code(
      `from IPython.display import HTML\nHTML(${JSON.stringify(solution('Open output', ' open'))})`
    ),
    markdown(solution('Marker'))
  ]);
  const details = (index: number) => lesson.cell(index).locator('details');
  const rendered = lesson.panel.locator('.jp-MarkdownCell.jp-mod-rendered');
  await expect(details(0)).toHaveAttribute('open');

  // Rendered again, also changed so that it comes open.
  await details(0).dblclick({ position: { x: 200, y: 40 } });
  await expect(rendered).toHaveCount(2);
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(rendered).toHaveCount(3);
  await lesson.edit(1);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(
    '<details open><summary>Hint</summary>now</details>'
  );
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(details(1)).toHaveAttribute('open');
  // An output that comes open, twice.
  await lesson.run(2);
  await expect(details(2)).toHaveAttribute('open');
  await lesson.run(2);
  await lesson.captured('cell_executed', 2);
  await expect(details(2)).toHaveAttribute('open');
  // A script opens and closes, as find in page does: a toggle and no click.
  const toggled = await details(3).evaluate(async element => {
    const seen: boolean[] = [];
    const block = element as HTMLDetailsElement;
    for (const open of [true, false]) {
      const toggle = new Promise<Event>(resolve =>
        block.addEventListener('toggle', resolve, { once: true })
      );
      block.open = open;
      seen.push((await toggle).isTrusted);
    }
    block.querySelector('summary')!.click();
    block.open = false;
    return seen;
  });
  expect(toggled).toEqual([true, true]);

  await details(3).locator('summary').click();
  expect(await lesson.captured('solution_peek', 1)).toEqual([
    { summary: 'Marker', cell_id: 'cell-3', cell_index: 3, peek: 1 }
  ]);
  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed',
    'solution_peek'
  ]);
});
