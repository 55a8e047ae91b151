import { code } from '../support/cells';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { flood, floodTold } from '../support/flood';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

const TEST = [
  '@tracked_test("adds up")',
  'def check(total):',
  '    assert total == 4, f"{total} is not 4"'
].join('\n');

test('test results and custom events arrive, counted', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'results', [
    code(TEST),
    code('check(3)'),
    code('check(4)'),
    code('_telemetry_capture("hint_taken", {"nth": 2, "of": ["a", None]})'),
    code('_cell("exercise-1", "x = 1")'),
    code('STUDENT_NAME, STUDENT_ID')
  ]);

  for (const [nth, cell] of [0, 1, 2, 2, 3, 4, 5].entries()) {
    await lesson.run(cell);
    await lesson.captured('cell_executed', nth + 1);
  }
  const runs = await lesson.captured('cell_executed', 7);
  expect(runs.map(run => [run.output, run.status])).toEqual([
    ['', 'ok'],
    [expect.stringMatching(/^TEST FAILED: adds up - 3 is not 4\n-/), 'error'],
    ['TEST PASSED: adds up\n', 'ok'],
    ['TEST PASSED: adds up\n', 'ok'],
    ['', 'ok'],
    ['', 'ok'],
    ["('ANN-LEE', 'ANN_LEE')\n", 'ok']
  ]);
  const duration_ms: unknown = expect.any(Number);
  expect(await lesson.captured('test_failed', 1)).toEqual([
    {
      test: 'adds up',
      // The cell that calls the test, not the one that defines it.
      cell_id: runs[1].cell_id,
      attempt: 1,
      duration_ms,
      error: {
        name: 'AssertionError',
        value: '3 is not 4',
        traceback: expect.stringMatching(
          /in check[^]*AssertionError: 3 is not 4$/
        )
      }
    }
  ]);
  const { cell_id } = runs[2];
  expect(cell_id).not.toBe(runs[1].cell_id);
  const passed = { test: 'adds up', cell_id, duration_ms, error: null };
  expect(await lesson.captured('test_passed', 2)).toEqual([
    { ...passed, attempt: 2 },
    { ...passed, attempt: 3 }
  ]);
  expect(await lesson.captured('hint_taken', 1)).toEqual([
    { nth: 2, of: ['a', null] }
  ]);
  expect(await lesson.captured('cell_marked', 1)).toEqual([
    { cell_id: 'exercise-1', code_preview: 'x = 1' }
  ]);
  expect(await lesson.history()).toHaveLength(1 + 7 + 3 + 2);
});

test('the kernel side comes without a trace, and again after a restart', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'traceless', [
    code('STUDENT_NAME, In, Out'),
    code(
      [
        'shell = get_ipython()',
        'history = [line for _, _, line in shell.history_manager.get_range()]',
        'shell.run_line_magic("who_ls", ""), history[0], len(history)'
      ].join('\n')
    )
  ]);
  const traceless = [
    ["('ANN-LEE', ['', 'STUDENT_NAME, In, Out'], {})\n", 1, 'ok'],
    ["(['history', 'shell'], 'STUDENT_NAME, In, Out', 2)\n", 2, 'ok']
  ];
  const told = async (count: number): Promise<unknown[]> =>
    (await lesson.captured('cell_executed', count)).map(run => [
      run.output,
      run.execution_count,
      run.status
    ]);

  await lesson.runAll();
  expect(await told(2)).toEqual(traceless);
  // The first cell is run in the same moment as the kernel is back.
  await lesson.menu('Kernel', 'Restart Kernel and Run All Cells…');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Confirm Kernel Restart' })
    .click();
  expect((await told(4)).slice(2)).toEqual(traceless);
});

test('what a kernel should not say is dropped with one warning', async ({
  page,
  server
}) => {
  const said = listenToConsole(page, 'warning', 'error');
  const lesson = await Lesson.begin(page, server, 'hostile', [
    code(
      [
        'import sys',
        'say = list(sys.modules["_ipynb_telemetry"].comms.values())[0]["comm"].send',
        'for _ in range(3):',
        '    say({})',
        '    say({"event": 5})',
        '    say({"event": "test_passed"})',
        '    say({"event": "test_failed", "properties": {"test": ["x"]}})',
        '    say({"event": "session_ended", "properties": {"duration_ms": 1, "active_ms": 1}})',
        '    say({"event": "$identify", "properties": {}})',
        '    say({"event": "named", "properties": {"student_id": "EVE_DOE"}})',
        '    say({"event": "listed", "properties": [1]})',
        '    say({"event": "long", "properties": {"x": "y" * 200_000}})',
        'say({"event": "fine", "properties": {"still": True}})'
      ].join('\n')
    ),
    code(flood('say({"event": "flood", "properties": {"nth": nth}})')),
    code('say({"event": "after", "properties": {}})')
  ]);

  await lesson.run(0);
  expect(await lesson.captured('fine', 1)).toEqual([{ still: true }]);
  await lesson.captured('cell_executed', 1);
  expect(await lesson.history()).toEqual([
    'session_started',
    'fine',
    'cell_executed'
  ]);

  await lesson.run(1);
  await lesson.captured('cell_executed', 2);
  await lesson.run(2);
  await lesson.captured('after', 1);
  await lesson.captured('cell_executed', 3);
  // A burst, and a trickle for as long as it lasts; the rest is accounted for.
  const [passed, losses] = await floodTold(lesson);
  expect(passed.length).toBeGreaterThanOrEqual(900);
  expect(await lesson.history()).toHaveLength(
    passed.length + losses.length + 6
  );

  const ours = said.filter(text => text.includes('ipynb-telemetry'));
  expect(ours).toEqual([...new Set(ours)]);
  expect(ours.filter(text => text.includes('kernel messages'))).toHaveLength(4);
  expect(ours).toHaveLength(8);
  expect(await server.events({ student: 'EVE_DOE' })).toEqual([]);
});

test('of what the kernel side tells and the page refuses it is told that it is missing', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'pagerefuses', [
    code(
      [
        'import sys, uuid',
        'say = list(sys.modules["_ipynb_telemetry"].comms.values())[0]["comm"].send',
        'def tell(number, properties):',
        '    told = {"event": "told", "properties": properties, "student": STUDENT_ID}',
        '    say({**told, "number": number, "after": number - 1, "uuid": str(uuid.uuid4())})',
        'tell(1, [1])',
        'tell(2, {"x": "y" * 200_000})',
        'tell(3, {"fine": True})'
      ].join('\n')
    )
  ]);
  await lesson.run(0);
  expect(await lesson.captured('told', 1)).toEqual([{ fine: true }]);
  expect(await lesson.captured('events_dropped', 1)).toEqual([
    { count: 2, reason: 'invalid' }
  ]);
});

test('two browser tabs on one kernel count a test once', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'bothtabs', [
    code(`${TEST}\ncheck(4)`),
    code('"marker"')
  ]);
  const page2 = await page.context().newPage();
  const twin = new Lesson(page2, server, lesson.path);
  await NotebookPage.open(page2, server, lesson.path);
  await lesson.captured('session_started', 2);

  await lesson.run(0);
  await lesson.captured('test_passed', 1);
  await twin.run(0);
  await lesson.captured('test_passed', 2);
  await lesson.run(1);
  await twin.run(1);
  await lesson.captured('cell_executed', 4);

  const events = await server.events({ notebook: lesson.id });
  const sessions = [
    ...new Set(events.map(({ properties }) => properties.session_id))
  ];
  expect(sessions).toHaveLength(2);
  for (const session of sessions) {
    const own = events.filter(
      ({ properties }) => properties.session_id === session
    );
    expect(own.map(({ event }) => event).sort()).toEqual([
      'cell_executed',
      'cell_executed',
      'session_started',
      'test_passed'
    ]);
  }
});
