import { code } from '../support/cells';
import { DOCTEST, nbgrader, PYTEST } from '../support/everything';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { field, inForce, openSettings } from '../support/settings';

const TESTS = ['test_passed', 'test_failed'];

const cells = () => [
  code(`${gate('undecorated')}\nx = 1`),
  code('assert x == 2, "x is 1"', { metadata: { nbgrader } }),
  code('assert True', {
    metadata: { nbgrader: { ...nbgrader, grade_id: 'q2' } }
  }),
  code('x = 2'),
  code(DOCTEST),
  code(PYTEST)
];

test.afterEach(({ server }) => server.configure({}));

test('nbgrader cells, doctests and pytest are test results', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'undecorated', cells());
  await lesson.runAllThrough('undecorated', 6);
  // The second cell fails, and those after it are not reached.
  const runs = await lesson.captured('cell_executed', 6);
  expect(runs.map(({ status }) => status)).toEqual([
    'ok',
    'error',
    ...Array<string>(4).fill('aborted')
  ]);
  const of = (cell: number): object => ({
    cell_id: runs[cell].cell_id,
    duration_ms: expect.any(Number)
  });
  expect(await lesson.captured('test_failed', 1)).toEqual([
    { ...of(1), test: 'q1', attempt: 1, error: runs[1].error }
  ]);
  for (const [nth, cell] of [3, 1, 2, 4, 5].entries()) {
    await lesson.run(cell);
    await lesson.captured('cell_executed', 7 + nth);
  }
  const passed = await lesson.captured('test_passed', 4);
  expect(passed).toEqual([
    { ...of(1), test: 'q1', attempt: 2, error: null },
    { ...of(2), test: 'q2', attempt: 1, error: null },
    { ...of(4), test: 'add', attempt: 1, error: null },
    { ...of(5), test: 'test_even[2]', attempt: 1, error: null }
  ]);
  const [, failed] = await lesson.captured('test_failed', 2);
  expect(failed).toMatchObject({
    ...of(5),
    test: 'test_even[1]',
    error: { name: 'AssertionError' }
  });
  expect(await lesson.history()).toHaveLength(1 + 11 + 6);
});

test('each is switched off by a setting, without a reload', async ({
  page,
  server
}) => {
  await server.configure({
    testSources: { nbgrader: false, doctest: false, pytest: false }
  });
  const lesson = await Lesson.begin(page, server, 'switched', cells());
  const run = async (order: number[]): Promise<void> => {
    for (const cell of order) {
      const before = (await server.events({ notebook: lesson.id })).filter(
        ({ event }) => event === 'cell_executed'
      ).length;
      await lesson.run(cell);
      await lesson.captured('cell_executed', before + 1);
    }
  };
  const told = async (): Promise<unknown[]> =>
    (await server.events({ notebook: lesson.id }))
      .filter(({ event }) => TESTS.includes(event))
      .map(({ properties }) => properties.test);

  await run([2, 4, 5]);
  expect(await told()).toEqual([]);
  for (const [source, tests] of [
    ['nbgrader', ['q2']],
    ['doctest', ['q2', 'add']],
    ['pytest', ['q2', 'add', 'test_even[1]', 'test_even[2]']]
  ] as const) {
    const known = await told();
    await openSettings(page);
    await field(page, `testSources_${source}`).check();
    await inForce(
      page,
      'testSources',
      expect.objectContaining({ [source]: true })
    );
    await page.getByRole('tab', { name: lesson.path }).click();
    await run([2, 4, 5]);
    expect((await told()).slice(known.length)).toEqual(tests);
  }
});
