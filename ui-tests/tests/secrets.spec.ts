import { code, flagged, markdown } from '../support/cells';
import { PROJECT_KEY } from '../support/fault';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

const FILE = 'secret.ipynb';
/** Fakes that no scanner takes for live ones, and none of which may be in a request. */
const PASSWORD = 'gr33n-apples-9';
const TOKEN = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const VARIABLE = 'zz91k4m8q2w7x5';
/** In the environment before the kernel starts. */
const INHERITED = 'qq82j5n7r3v6y4';

const CELLS = [
  markdown('# Lesson'),
  code(
    ['import os', `os.environ["WEATHER_API_KEY"] = "zz91k4" + "m8q2w7x5"`].join(
      '\n'
    ),
    { id: 'first' }
  ),
  code(
    [
      `db_password = "${PASSWORD}"`,
      `key = "${TOKEN}"`,
      'print(db_password, key)',
      '_telemetry_capture("looked", {"up": [os.environ["WEATHER_API_KEY"]]})',
      '@tracked_test("a secret test")',
      'def test(): raise ValueError(db_password)',
      'test()'
    ].join('\n'),
    { id: 'second' }
  ),
  code('raise ValueError("it was " + db_password)', { id: 'third' })
];

test('no secret is in any request, and each event tells how many there were', async ({
  page,
  posthog,
  startServer
}) => {
  const server = await startServer({
    files: { [FILE]: flagged(CELLS) },
    settings: { projectKey: PROJECT_KEY, host: posthog.origin }
  });
  await NotebookPage.open(page, server, FILE);
  const lesson = new Lesson(page, server, FILE);
  await lesson.enterName('Ann', 'Lee');
  const told = (name: string): Record<string, unknown>[] =>
    posthog.stored
      .filter(({ event }) => event === name)
      .map(({ properties }) => properties);
  for (const index of [1, 2, 3]) {
    await lesson.run(index);
    // An older kernel aborts a run that comes while it still tells of an error.
    await expect.poll(() => told('cell_executed')).toHaveLength(index);
  }
  await expect.poll(() => told('test_failed')).toHaveLength(1);
  await expect.poll(() => told('looked')).toHaveLength(1);

  const [first, second, third] = told('cell_executed');
  expect(first).not.toHaveProperty('redacted');
  expect(second.code).toContain('db_password = "‹secret›"\nkey = "‹secret›"');
  expect(second.redacted).toBeGreaterThanOrEqual(4);
  expect(third.error).toMatchObject({ value: 'it was ‹secret›' });
  expect(told('test_failed')[0]).toMatchObject({
    error: { value: '‹secret›' }
  });
  expect(told('looked')[0]).toMatchObject({ up: ['‹secret›'], redacted: 1 });
  for (const { text } of posthog.requests) {
    for (const secret of [PASSWORD, TOKEN, VARIABLE]) {
      expect(text).not.toContain(secret);
    }
  }
});

test('no value of an environment variable that is named like a secret is stored, wherever it is printed alone', async ({
  page,
  startServer
}) => {
  const server = await startServer({ env: { SKY_API_TOKEN: INHERITED } });
  const sent: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/ipynb-telemetry/')) {
      sent.push(request.postData() ?? '');
    }
  });
  const cells = [
    'import os\nprint(os.environ["SKY_API_TOKEN"])\nprint("ordinary-line-7")',
    'raise ValueError(os.environ["SKY_API_TOKEN"])',
    // The kernel tells of this value when the run is over whose code and output have it.
    `name = "WEATHER_API" + "_KEY"\nos.environ[name] = "${VARIABLE}"\nprint(os.environ[name])`,
    '[os.environ[name], "ordinary-line-8"]',
    `def look(at): return at["${VARIABLE}"]\nlook({})`
  ];
  const lesson = await Lesson.begin(
    page,
    server,
    'environment',
    cells.map((source, at) => code(source, { id: `c${at}` }))
  );
  for (const index of cells.keys()) {
    await lesson.run(index);
    await lesson.captured('cell_executed', index + 1);
  }
  const [printed, raised, put, shown, traced] = await lesson.captured(
    'cell_executed',
    cells.length
  );
  expect(printed).toMatchObject({
    code: cells[0],
    output: '‹secret›\nordinary-line-7\n'
  });
  expect(printed.redacted).toBe(1);
  expect(raised.error).toMatchObject({ value: '‹secret›' });
  expect(put).toMatchObject({
    code: cells[2].replace(VARIABLE, '‹secret›'),
    output: '‹secret›\n'
  });
  expect(shown).toMatchObject({
    code: cells[3],
    output: "['‹secret›', 'ordinary-line-8']\n"
  });
  expect(traced.error).toMatchObject({
    name: 'KeyError',
    value: "'‹secret›'",
    traceback: expect.stringContaining('return at["‹secret›"]')
  });
  const stored = JSON.stringify(await server.events()) + sent.join('');
  expect(stored).toContain('ordinary-line-7');
  for (const secret of [INHERITED, VARIABLE]) {
    expect(stored).not.toContain(secret);
  }
});
