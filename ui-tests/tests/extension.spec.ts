import { code, flagged, plain } from '../support/cells';
import { listenToConsole } from '../support/console';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { exposeTelemetry } from '../support/telemetry';

test('another extension captures events, learns the student and hears of every event', async ({
  page,
  server
}) => {
  await server.write('ext.ipynb', flagged([code('1')], 'ext'));
  await server.write('ext-off.ipynb', plain([code('1')]));
  const warnings = listenToConsole(page, 'warning');
  const capture = (name: unknown, properties?: unknown): Promise<boolean> =>
    page.evaluate(
      ([event, given]) =>
        window.telemetry.capture(
          window.jupyterapp.shell.currentWidget,
          event,
          given
        ),
      [name, properties] as const
    );

  const off = await NotebookPage.open(page, server, 'ext-off.ipynb');
  await exposeTelemetry(page);
  expect(await page.evaluate(() => window.telemetry.student)).toBeNull();
  expect(await capture('hint_used', { level: 0 })).toBe(false);
  await page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    window.telemetry.captured.connect((_, { event_type, seq }) => {
      heard.push([event_type, seq]);
    });
    window.telemetry.studentChanged.connect((_, student) => {
      heard.push(student?.id);
    });
  });

  const on = await off.openBeside('ext.ipynb');
  expect(await capture('hint_used', { level: 1 })).toBe(false);
  await on.enterName('Ex', 'Tension');
  expect(await page.evaluate(() => window.telemetry.student)).toEqual({
    id: 'EX_TENSION',
    name: 'EX-TENSION'
  });
  expect(await capture('hint_used', { level: 2, tags: ['a', null] })).toBe(
    true
  );
  expect(await capture('no_properties')).toBe(true);
  const refused: [unknown, unknown][] = [
    ['cell_executed', {}],
    ['Bad-Name', {}],
    ['$set', {}],
    ['x'.repeat(65), {}],
    [7, {}],
    ['hint_used', { student_id: 'EVE' }],
    ['hint_used', { $current_url: 'x' }],
    ['hint_used', { big: 'x'.repeat(70_000) }],
    ['hint_used', ['no', 'record']],
    ['hint_used', 'text'],
    ['hint_used', null]
  ];
  for (const [name, properties] of refused) {
    expect(await capture(name, properties), String(name)).toBe(false);
  }
  expect(
    await page.evaluate(() => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      const notebookPanel = window.jupyterapp.shell.currentWidget;
      return [cycle, { big: 1n }, { run: () => 1 }].map(properties =>
        window.telemetry.capture(notebookPanel, 'hint_used', properties)
      );
    })
  ).toEqual([false, false, false]);
  expect(await capture('marker')).toBe(true);

  const events = await waitForEvents(
    server,
    stored => stored.at(-1)?.event === 'marker',
    { student: 'EX_TENSION' }
  );
  expect(
    events.map(({ event, properties }) => [event, properties.seq])
  ).toEqual([
    ['session_started', 1],
    ['hint_used', 2],
    ['no_properties', 3],
    ['marker', 4]
  ]);
  expect(events[1].properties).toMatchObject({
    level: 2,
    tags: ['a', null],
    notebook: 'ext'
  });
  expect(
    await page.evaluate(() => Reflect.get(window, 'heard') as unknown)
  ).toEqual([
    ['consent_given', 1],
    ['session_started', 1],
    'EX_TENSION',
    ['hint_used', 2],
    ['no_properties', 3],
    ['marker', 4]
  ]);
  // Each refusal is told of, the same one once: three of them are no record.
  const told = warnings.filter(text =>
    text.startsWith('ipynb-telemetry: an event was not')
  );
  expect(told).toHaveLength(refused.length + 3 - 2);
  expect(new Set(told).size).toBe(told.length);
});
