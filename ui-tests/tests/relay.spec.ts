import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

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
