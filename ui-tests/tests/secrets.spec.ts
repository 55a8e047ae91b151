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
