import { code, flagged, markdown, plain } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import type { Server } from '../support/server';

const COMMAND = 'Use This Notebook as the Class’s Outline';

const TEST = [
  '@tracked_test("adds")',
  'def test_adds():',
  '    assert total == 3',
  '',
  'test_adds()'
].join('\n');

const CELLS = [
  markdown('# The day'),
  markdown('## Sums'),
  code('total = 1 + 2'),
  code(TEST),
  markdown('## Words'),
  code('@tracked_test("says")\ndef test_says():\n    assert True')
];

interface IProgress {
  readonly exercises: { title: string; cell_id: string | null }[];
  readonly students: {
    student: string;
    cells: ({ state: string; runs: number } | null)[];
  }[];
}

async function progressOf(
  server: Server,
  notebook: string
): Promise<IProgress> {
  const answer = await server.fetch(
    `ipynb-telemetry/class/progress?notebook=${notebook}`
  );
  return ((await answer.json()) as { result: IProgress }).result;
}

for (const [minor, last] of [
  [5, 'Lined'],
  [4, 'Older']
] as const) {
  test(`a notebook of format 4.${minor} becomes the outline, by which a student's run counts`, async ({
    page,
    server
  }) => {
    const notebook = `outlined-4${minor}`;
    const file = flagged(CELLS, notebook);
    const text = JSON.stringify({
      ...file,
      nbformat_minor: minor,
      cells: file.cells.map(cell => ({
        ...cell,
        id: minor < 5 ? undefined : cell.id
      }))
    });
    await server.write(`${notebook}.ipynb`, text);
    const opened = await NotebookPage.open(page, server, `${notebook}.ipynb`);
    await opened.enterName('Out', last);
    await opened.palette(COMMAND);
    await expect(page.getByText(/knows 2 exercises of/)).toBeVisible();

    await opened.run(2);
    await opened.run(3);
    await waitForEvents(
      server,
      stored =>
        stored.filter(({ event }) => event === 'cell_executed').length === 2,
      { student: `OUT_${last.toUpperCase()}` }
    );
    const { exercises, students } = await progressOf(server, notebook);
    expect(exercises.map(({ title }) => title)).toEqual(['Sums', 'Words']);
    const [student] = students.filter(
      ({ student }) => student === `OUT_${last.toUpperCase()}`
    );
    // Both runs count: their cells have the ids by which the outline knows them.
    expect(student.cells).toMatchObject([{ state: 'passed', runs: 2 }, null]);
  });
}

test('a notebook that is off is no outline, and one without exercises says why', async ({
  page,
  server
}) => {
  await server.write('outlined-off.ipynb', plain(CELLS));
  const opened = await NotebookPage.open(page, server, 'outlined-off.ipynb');
  await opened.palette(COMMAND);
  await expect(
    page.getByText('Turn “Student Telemetry in This Notebook” on first')
  ).toBeVisible();
  await server.write(
    'outlined-empty.ipynb',
    flagged([code('1')], 'outlined-empty')
  );
  const empty = await opened.openBeside('outlined-empty.ipynb');
  await empty.enterName('Out', 'Empty');
  await empty.palette(COMMAND);
  await expect(page.getByText('The notebook has no exercises')).toBeVisible();
  expect((await progressOf(server, 'outlined-empty')).exercises).toEqual([]);
});
