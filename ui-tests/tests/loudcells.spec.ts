import { code } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

/**
 * 6 MB at once, of which the server drops what is above 1 MB/s, in lines of 100 characters:
 * lines of 100,000 take JupyterLab 4.2 minutes to draw, without any telemetry too, and until
 * then it reads no message behind them.
 */
const LOUD =
  'for _ in range(60):\n    print(("x" * 99 + "\\n") * 1_000, flush=True)';
const TESTS = [
  '@tracked_test("passes")',
  'def passes(): pass',
  '@tracked_test("fails")',
  'def fails(): assert False, "no"',
  'def told(nth):',
  '    passes()',
  '    try: fails()',
  '    except AssertionError: pass',
  '    _telemetry_capture("mark", {"nth": nth})'
].join('\n');

/** Nothing is missing, nothing twice, and what happened first is told as the first. */
async function toldOf(lesson: Lesson, count: number): Promise<void> {
  const marks = await lesson.captured('mark', count);
  expect(marks.map(({ nth }) => nth)).toEqual([...marks.keys()]);
  for (const type of ['test_passed', 'test_failed']) {
    const tests = await lesson.captured(type, count);
    expect(tests.map(({ attempt }) => attempt)).toEqual(
      [...tests.keys()].map(nth => nth + 1)
    );
  }
  expect(await lesson.history()).not.toContain('events_dropped');
}

test('above the output limit of the server every event arrives once', async ({
  page,
  server
}) => {
  test.slow();
  const lesson = await Lesson.begin(page, server, 'loud', [
    code(TESTS),
    code('told(0)'),
    code(`${LOUD}\ntold(1)`),
    code('told(2)'),
    code(`${LOUD}\ntold(3)\n${LOUD}\ntold(4)`)
  ]);
  await lesson.runAll();
  const runs = await lesson.captured('cell_executed', 5);
  // The server did drop something, and says so within the output.
  await expect(
    lesson.panel.getByText('IOPub data rate exceeded').first()
  ).toBeAttached();
  await toldOf(lesson, 5);
  // Sent again or not, of the cell in which each was run, the last two of the last.
  const ids = [1, 2, 3, 4, 4].map(cell => runs[cell].cell_id);
  for (const type of ['test_passed', 'test_failed']) {
    const tests = await lesson.captured(type, 5);
    expect(tests.map(({ cell_id }) => cell_id)).toEqual(ids);
  }
  const times = new Map<string, string>();
  for (const { event, timestamp } of await server.events({
    notebook: lesson.id
  })) {
    times.set(event, timestamp);
  }
  // The mark was sent again, with the time at which it happened.
  expect(times.get('mark')! <= times.get('cell_executed')!).toBe(true);
});

/**
 * The kernel's socket keeps some 2,000 messages that the server has not read, and drops
 * what comes then, the cell's end among it, without any telemetry too. With these rests
 * the server reads along, and its own limit of 1,000 a second is what drops.
 */
const PACED = [
  'import time',
  'for nth in range(6_000):',
  '    display(nth)',
  '    if nth % 500 == 499: time.sleep(0.2)'
].join('\n');

test('after 6,000 displays every event arrives once', async ({
  page,
  server
}) => {
  test.slow();
  const lesson = await Lesson.begin(page, server, 'displays', [
    code(TESTS),
    code(`${PACED}\ntold(0)`),
    code('told(1)')
  ]);
  await lesson.runAll();
  await lesson.captured('cell_executed', 3);
  await toldOf(lesson, 2);
});

test('where Jupyter loses the end of a cell, its tests arrive once', async ({
  page,
  server
}) => {
  test.slow();
  const lesson = await Lesson.begin(page, server, 'flood', [
    code(TESTS),
    code('for nth in range(20_000): display(nth)\ntold(0)'),
    code('told(1)')
  ]);
  await lesson.runAll();
  await toldOf(lesson, 2);
});

test('a page that is loaded again while a loud cell runs has all of its events', async ({
  page,
  server
}) => {
  test.slow();
  const lesson = await Lesson.begin(page, server, 'loudreload', [
    code(TESTS),
    code(
      `${LOUD}\ntold(0)\nopen("loudreload.at", "w").close()\n${gate('loudreload')}\ntold(1)`
    ),
    code('told(2)')
  ]);
  await lesson.run(0);
  await lesson.captured('cell_executed', 1);
  await lesson.run(1);
  await expect
    .poll(() => server.fetch('api/contents/loudreload.at').then(({ ok }) => ok))
    .toBe(true);
  await lesson.execute('docmanager:save');
  await NotebookPage.open(page, server, lesson.path, { kernel: false });
  await lesson.open('loudreload');
  await lesson.captured('mark', 2);
  await lesson.idle();
  await lesson.run(2);
  await toldOf3(lesson);
});

/** Attempts are those of two sessions. */
async function toldOf3(lesson: Lesson): Promise<void> {
  const marks = await lesson.captured('mark', 3);
  expect(marks.map(({ nth }) => nth)).toEqual([0, 1, 2]);
  await lesson.captured('test_passed', 3);
  await lesson.captured('test_failed', 3);
  expect(await lesson.history()).not.toContain('events_dropped');
}

test('two pages on one kernel have each event of a loud cell once', async ({
  page,
  server
}) => {
  test.slow();
  const lesson = await Lesson.begin(page, server, 'loudtabs', [
    code(TESTS),
    code(`${LOUD}\ntold(0)`),
    // Of no run that a page asked for.
    code(
      'import threading\nthread = threading.Thread(target=told, args=(1,))\nthread.start()\nthread.join()'
    )
  ]);
  await lesson.run(0);
  await lesson.captured('cell_executed', 1);
  const page2 = await page.context().newPage();
  await NotebookPage.open(page2, server, lesson.path);
  await lesson.captured('session_started', 2);
  await page.bringToFront();
  await lesson.run(1);
  await lesson.captured('cell_executed', 2);
  await toldOf(lesson, 1);
  await lesson.run(2);
  await lesson.captured('mark', 2);
  await lesson.captured('test_passed', 2);
  await lesson.captured('cell_executed', 3);
  await lesson.history();
});
