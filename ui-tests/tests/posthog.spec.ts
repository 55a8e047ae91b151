import { homedir } from 'node:os';
import { code, flagged, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { PostHogHost } from '../support/posthoghost';

/** Written out by hand: what leaves is decided here, too. */
const ENVELOPE = [
  'student_id',
  'notebook',
  'session_id',
  'seq',
  'active_ms',
  '$lib',
  '$lib_version',
  '$ip',
  '$geoip_disable',
  '$process_person_profile'
];
const OWN: Record<string, string[]> = {
  session_started: [
    'kernel',
    'language',
    'cell_count',
    'app',
    'app_version',
    'extension_version'
  ],
  cell_executed: [
    'cell_id',
    'cell_index',
    'execution_count',
    'code',
    'output',
    'success',
    'status',
    'error',
    'duration_ms',
    'queued_ms',
    'attempt',
    'truncated'
  ],
  test_passed: ['test', 'cell_id', 'attempt', 'duration_ms', 'error'],
  test_failed: ['test', 'cell_id', 'attempt', 'duration_ms', 'error'],
  solution_peek: ['summary', 'cell_id', 'cell_index', 'peek'],
  solution_closed: ['summary', 'cell_id', 'cell_index', 'peek', 'open_ms'],
  blur: ['reason'],
  focus: ['reason', 'away_ms'],
  paste: ['length', 'lines', 'cell_id', 'cell_index', 'kind', 'internal', 'by'],
  session_ended: ['duration_ms'],
  marker: ['nth']
};

const KEY = 'phc_uiTests0123456789';
/** Prints what says where the lesson runs; of that the code itself holds the token only. */
const PLACES = [
  'import os, json, sys',
  'print(os.getcwd(), os.path.expanduser("~/course/notes.txt"))',
  'print(os.path.join(os.getcwd(), "wire.ipynb"), sys.executable, json.__file__)',
  'print("http://127.0.0.1:8888/api?token=ui-tests-token")',
  'print("JUPYTER_TOKEN=" + "ui-tests" + "-token")',
  'print({"Authorization": "token " + "ui-tests" + "-token"})',
  'print("ui-tests" + "-token", "and nothing else")',
  'json.loads("{")'
].join('\n');
const TESTS = [
  '@tracked_test("holds")\ndef holds(): pass',
  'holds()',
  '@tracked_test("breaks")\ndef breaks(): __import__("json").loads("{")',
  'try: breaks()\nexcept ValueError: pass',
  'setup_telemetry("evil", host="EVIL", api_key="phc_evil", student_name="Eve Evil")',
  '_telemetry_capture("marker", {"student_id": "EVE_EVIL"})',
  '_telemetry_capture("marker", {"$ho" + "st": "x"})',
  '_telemetry_capture("marker", {"nth": 1})'
].join('\n');

test.afterEach(({ server }) => server.configure({}));

test('only learning data reaches PostHog, under the student and with the key', async ({
  page,
  posthog,
  server
}) => {
  const evil = await PostHogHost.start();
  await server.configure({ host: posthog.origin, projectKey: ` ${KEY} ` });
  await server.write(
    'wire.ipynb',
    flagged(
      [
        markdown('<details><summary>Solution</summary>42</details>'),
        code('6 * 7'),
        code('_telemetry_capture("marker", {"nth": 2})'),
        code(PLACES),
        code(TESTS.replace('EVIL', evil.origin))
      ],
      'wire'
    )
  );
  const origins = new Set<string>();
  page.on('request', request => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http')) {
      origins.add(url.origin);
    }
  });
  const notebook = await NotebookPage.open(page, server, 'wire.ipynb');
  await expect(notebook.namePrompt).toContainText(
    `Your records are sent to PostHog at ${new URL(posthog.origin).host}.`
  );
  await notebook.enterName('Wire', 'Tapper');
  const userAgent = await page.evaluate(() => navigator.userAgent);

  // Everything the catalogue knows, then clicks that are nobody's business.
  for (const index of [1, 3, 4]) {
    await notebook.runToEnd(index);
  }
  const solution = (await notebook.scrollTo(0)).locator('summary');
  await solution.click();
  await solution.click();
  await notebook.edit(1);
  await page.evaluate(() => navigator.clipboard.writeText('# pasted'));
  await page.keyboard.press('ControlOrMeta+V');
  await notebook.menu('File', 'New', 'Text File');
  await expect(notebook.tab).toHaveText(/untitled/);
  // Who is back within a blink was not away.
  await expect
    .poll(() => posthog.events.some(({ event }) => event === 'blur'))
    .toBe(true);
  await page.getByRole('tab', { name: 'wire.ipynb' }).click();
  await expect(notebook.panel).toBeVisible();
  await page.getByRole('button', { name: 'Refresh the file browser' }).click();
  await notebook.run(2);
  await expect
    .poll(() => posthog.events.filter(({ event }) => event === 'marker').length)
    .toBe(2);
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await expect.poll(() => posthog.events.at(-1)?.event).toBe('session_ended');

  const { events, requests } = posthog;
  expect(events.map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed',
    'cell_executed',
    'test_passed',
    'test_failed',
    'marker',
    'cell_executed',
    'solution_peek',
    'solution_closed',
    'paste',
    'blur',
    'focus',
    'marker',
    'cell_executed',
    'session_ended'
  ]);
  expect(events.map(({ properties }) => properties.seq)).toEqual(
    events.map((_, index) => index + 1)
  );
  for (const { event, distinct_id, properties, ...rest } of events) {
    expect(Object.keys(rest).sort()).toEqual(['timestamp', 'uuid']);
    expect(distinct_id).toBe('WIRE_TAPPER');
    expect(properties).toMatchObject({
      student_id: 'WIRE_TAPPER',
      notebook: 'wire',
      $ip: null,
      $geoip_disable: true,
      $process_person_profile: true
    });
    expect(Object.keys(properties).sort()).toEqual(
      [...ENVELOPE, ...OWN[event]].sort()
    );
  }
  const [, answer, places] = events;
  expect(answer.properties).toMatchObject({ code: '6 * 7', output: '42\n' });
  expect(places.properties.output).toContain(
    '…/root …/notes.txt\n…/wire.ipynb …/python'
  );

  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    requests.map(() => 'POST /batch/')
  );
  const secrets = [
    server.origin,
    server.token,
    server.root,
    `${homedir()}/`,
    '/lib/python',
    '/lab/tree',
    userAgent,
    'Mozilla',
    'HeadlessChrome',
    'referrer',
    'current_url',
    '"$host":'
  ];
  for (const { body, query, headers, text } of requests) {
    expect(body?.api_key).toBe(KEY);
    expect([...query.keys()]).toEqual(
      text.length >= 1024 ? ['compression'] : []
    );
    expect(headers).not.toHaveProperty('referer');
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
    }
    expect(JSON.stringify(headers)).not.toContain(server.token);
  }
  expect(origins).toEqual(new Set([server.origin, posthog.origin]));
  expect(posthog.preflights).toBe(0);
  expect(evil.requests).toEqual([]);
  expect(await server.events({ notebook: 'wire' })).toEqual([]);
  await evil.stop();
});

test('a page that has a cookie and no token delivers to the collector', async ({
  page,
  server
}) => {
  await server.write(
    'cookie.ipynb',
    flagged([code('_telemetry_capture("marker")')], 'cookie')
  );
  // As behind a hub, which keeps the token from the page. A page made up by
  // Playwright's `route` would not be let through to loopback by Chromium.
  await page.addInitScript(token => {
    document.addEventListener('readystatechange', () => {
      const config = document.getElementById('jupyter-config-data');
      if (config?.textContent?.includes(token)) {
        config.textContent = config.textContent.replace(token, '');
      }
    });
  }, server.token);
  const notebook = await NotebookPage.open(page, server, 'cookie.ipynb');
  const sent = page.waitForRequest(/ipynb-telemetry\/batch/);
  await notebook.enterName('Cookie', 'Eater');
  const headers = await (await sent).allHeaders();
  expect(headers).not.toHaveProperty('authorization');
  expect(headers['x-xsrftoken']).toBeTruthy();
  await notebook.run(0);

  await expect
    .poll(async () =>
      (await server.events({ notebook: 'cookie' })).map(({ event }) => event)
    )
    .toEqual(['session_started', 'marker', 'cell_executed']);
});
