import { expectAccount } from '../support/account';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { bodyOf } from '../support/requestbody';
import { change, openSettings } from '../support/settings';
import { health } from '../support/telemetry';

const KEY = 'phc_uiTestsRelay';

test('a browser that cannot reach PostHog sends through the Jupyter server', async ({
  page,
  startServer,
  posthog
}) => {
  const server = await startServer({
    settings: { host: posthog.origin, projectKey: KEY, relay: true }
  });
  // As an ad blocker does it.
  const blocked: string[] = [];
  await page.route(`${posthog.origin}/**`, route => {
    blocked.push(route.request().url());
    return route.abort('blockedbyclient');
  });
  const handedOver: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/ipynb-telemetry/relay/batch/')) {
      handedOver.push(bodyOf(request));
    }
  });
  await server.write('relayed.ipynb', flagged([code('6 * 7')], 'relayed'));
  const notebook = await NotebookPage.open(page, server, 'relayed.ipynb');
  await expect(notebook.namePrompt).toContainText(
    `PostHog at ${new URL(posthog.origin).host}, by this Jupyter server`
  );
  await notebook.enterName('Ann', 'Lee');
  await notebook.run(0);

  await expect
    .poll(() => posthog.events.map(({ event }) => event))
    .toEqual(['session_started', 'cell_executed']);
  expect(posthog.requests.map(({ body }) => body?.api_key)).toEqual(
    posthog.requests.map(() => KEY)
  );
  const [started, run] = posthog.events;
  expect(run).toMatchObject({
    distinct_id: 'ANN_LEE',
    properties: { notebook: 'relayed', output: '42\n', $ip: null }
  });
  // The page names neither host nor key: the server has its own settings. A student's
  // consent alone says which place it is for.
  const place = `"destination":"${new URL(posthog.origin).host}"`;
  const bodies = handedOver.join('\n').replace(place, '');
  expect(bodies).toContain(run.uuid);
  expect(bodies).not.toContain(KEY);
  expect(bodies).not.toContain(new URL(posthog.origin).host);
  // The collector keeps what it sends on, under the same uuids.
  const stored = await server.events({ notebook: 'relayed' });
  expect(stored.map(({ uuid }) => uuid).sort()).toEqual(
    [started.uuid, run.uuid].sort()
  );
  // The browser itself went nowhere, and nothing of it went along.
  expect(blocked).toEqual([]);
  const sent = posthog.requests.map(
    ({ text, headers }) => text + JSON.stringify(headers)
  );
  for (const secret of [server.token, server.root, 'Mozilla', server.origin]) {
    expect(sent.join('\n').includes(secret), secret).toBe(false);
  }
});

test('a key that PostHog refuses is told in the page, and what waits on the server goes with the corrected one', async ({
  captured,
  page,
  posthog,
  startServer
}) => {
  posthog.judge = ({ body }) => (body?.api_key === KEY ? undefined : 401);
  const server = await startServer();
  await server.configure({
    host: posthog.origin,
    projectKey: 'phc_wrong',
    relay: true,
    // Whoever goes to the settings leaves the notebook: no event is to help.
    events: { blur: false, focus: false }
  });
  const lesson = await Lesson.begin(page, server, 'relayrefused', [
    code('6 * 7')
  ]);
  await lesson.run(0);
  await captured.reach(1, 'cell_executed');

  await expect
    .poll(() => health(page))
    .toMatchObject({
      waiting: 0,
      problem: null,
      // The student's consent, too.
      relay: { waiting: 3, setAside: 0, problem: '401 Unauthorized' }
    });
  await expect(lesson.statusItem).toHaveText('ANN-LEE · telemetry on');
  await lesson.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel.getByRole('alert')).toContainText(
    'is refused (401 Unauthorized). Correct the key in the settings'
  );
  await expect(panel).toContainText('3 events are waiting to be sent');
  expect(posthog.stored).toEqual([]);

  await openSettings(page);
  await change(page, 'projectKey', '');
  await change(page, 'projectKey', KEY);
  await expectAccount(page, captured, () => posthog.events, 2, [0]);
  expect(captured.events).toHaveLength(2);
  // Asked anew, since it said that of the wrong key.
  await expect
    .poll(() => health(page))
    .toMatchObject({ relay: { waiting: 0, problem: null, nextAttempt: null } });
  await expect(panel).toContainText('Everything was delivered');
  await expect(panel.getByRole('alert')).toBeHidden();
});
