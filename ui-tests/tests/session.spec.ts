import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { code, flagged, markdown } from '../support/cells';
import type { IStoredEvent } from '../support/collector';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { expectUnbroken, Lesson } from '../support/lesson';

test('a session is told of from its start to the leaving of the page', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'left', [
    markdown('# Text'),
    code('"work"')
  ]);
  await lesson.run(1);
  await lesson.captured('cell_executed', 1);
  const begun = Date.now();
  // Not stored yet when the page goes.
  await lesson.run(1);
  await expect(lesson.cell(1).getByText('[2]:').first()).toBeVisible();
  const left = Date.now();
  await page.goto('about:blank');

  const [ended] = await lesson.captured('session_ended', 1);
  expect(ended).toEqual({ duration_ms: expect.any(Number) });
  const duration = ended.duration_ms as number;
  // The session began before and ended after; the clocks differ by their rounding.
  expect(duration).toBeGreaterThanOrEqual(left - begun - 1);
  const stored = await server.events({ notebook: 'left' });
  const [first, last] = ['session_started', 'session_ended'].map(name =>
    Date.parse(stored.find(({ event }) => event === name)!.timestamp)
  );
  expect(Math.abs(last - first - duration)).toBeLessThan(1000);
  // No pause was long enough to be none of the work, up to whichever event.
  for (const { timestamp, properties } of stored) {
    const passed = Date.parse(timestamp) - first;
    expect(Math.abs((properties.active_ms as number) - passed)).toBeLessThan(
      1000
    );
  }

  const { version } = JSON.parse(
    await readFile(resolve(__dirname, '../../package.json'), 'utf8')
  ) as { version: string };
  expect(await lesson.captured('session_started', 1)).toEqual([
    {
      kernel: 'python3',
      language: 'python',
      cell_count: 2,
      app: 'lab',
      app_version: expect.stringMatching(/^4\.\d+\.\d+/),
      extension_version: version
    }
  ]);
  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed',
    'session_ended'
  ]);
});

test('turning telemetry off ends the session at once, and on begins another', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'toggled', [code('"run"')]);
  const turn = (): Promise<void> =>
    lesson.palette('Student Telemetry in This Notebook');
  const executed = (count: number): Promise<void> =>
    expect(lesson.cell(0).getByText(`[${count}]:`).first()).toBeVisible();

  await lesson.run(0);
  await lesson.captured('cell_executed', 1);
  await turn();
  await lesson.captured('session_ended', 1);
  // Nothing of this is seen.
  await lesson.run(0);
  await executed(2);
  await server.write('toggled.txt', '');
  await lesson.execute('docmanager:open', { path: 'toggled.txt' });
  await lesson.execute('docmanager:open', { path: lesson.path });
  await turn();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Turn On' })
    .click();
  await lesson.captured('session_started', 2);
  await lesson.run(0);

  const runs = await lesson.captured('cell_executed', 2);
  expect(runs.map(run => [run.execution_count, run.attempt])).toEqual([
    [1, 1],
    [3, 1]
  ]);
  expect(await lesson.history()).toEqual([
    'session_started',
    'cell_executed',
    'session_ended',
    'session_started',
    'cell_executed'
  ]);
});

test('there is one session for each student and notebook', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'shared', [code('"one"')]);
  await server.write('alsoshared.ipynb', flagged([code('"two"')]));
  const other = new Lesson(page, server, 'alsoshared.ipynb');
  await lesson.execute('docmanager:open', { path: other.path });
  await other.captured('session_started', 1);
  await other.idle();

  await lesson.palette('Change Student');
  await lesson.enterName('Bob', 'Ray');
  await other.captured('session_started', 2);
  await other.run(0);
  await other.captured('cell_executed', 1);
  await page.goto('about:blank');

  const both = (events: IStoredEvent[]): IStoredEvent[] =>
    events.filter(({ properties }) =>
      ['shared', 'alsoshared'].includes(properties.notebook as string)
    );
  const events = both(
    await waitForEvents(
      server,
      all =>
        both(all).filter(({ event }) => event === 'session_ended').length >= 4
    )
  );
  expectUnbroken(events);
  const of = (name: string): string[] =>
    events
      .filter(({ event }) => event === name)
      .map(
        ({ distinct_id, properties }) =>
          `${distinct_id} ${String(properties.notebook)}`
      )
      .sort();
  const sessions = [
    'ANN_LEE alsoshared',
    'ANN_LEE shared',
    'BOB_RAY alsoshared',
    'BOB_RAY shared'
  ];
  expect(of('session_started')).toEqual(sessions);
  expect(of('session_ended')).toEqual(sessions);
  expect(of('cell_executed')).toEqual(['BOB_RAY alsoshared']);
  expect(
    new Set(events.map(({ properties }) => properties.session_id)).size
  ).toBe(4);
  for (const { distinct_id, properties } of events) {
    expect(properties.student_id).toBe(distinct_id);
  }
});
