import type { Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import type { IReceived, PostHogHost } from '../support/posthoghost';

/** Each cell tells its number; `poison` is in one event and in no code. */
const CELLS = [0, 1, 2].map(index =>
  code(
    `_telemetry_capture("step", {"nth": ${index}, "what": "poi" + "son" * ${index % 2}})`
  )
);
const KEY = 'phc_uiTests0123456789';

test.afterEach(({ server }) => server.configure({}));

/**
 * The numbers in the session of what PostHog has accepted, sorted: events are sent
 * by their moment, and the kernel's moment lies before that of the page.
 */
function numbers(host: PostHogHost): number[] {
  const found = host.events.map(({ properties }) => properties.seq as number);
  return found.sort((a, b) => a - b);
}

function region(page: Page) {
  return page.getByRole('region', { name: 'Recorded activity' });
}

for (const { name, act } of [
  {
    name: '429 with Retry-After is waited for',
    act: async (host: PostHogHost, work: () => Promise<void>) => {
      host.status = 429;
      host.headers = {
        'Retry-After': '4',
        // Else a page may not read it, and the pauses are of our own length.
        'Access-Control-Expose-Headers': 'Retry-After'
      };
      await work();
      await expect.poll(() => host.requests.length).toBeGreaterThan(0);
      host.status = 200;
      await expect.poll(() => numbers(host)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      const [first, second] = host.requests;
      expect(second.at - first.at).toBeGreaterThanOrEqual(4000);
    }
  },
  {
    name: '413 makes batches smaller',
    act: async (host: PostHogHost, work: () => Promise<void>) => {
      host.status = 503;
      await work();
      host.judge = ({ body }) => ((body?.batch?.length ?? 0) > 2 ? 413 : 200);
      await expect.poll(() => numbers(host)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(host.requests.map(({ status }) => status)).toContain(413);
    }
  },
  {
    name: '400 for one event costs that one',
    act: async (host: PostHogHost, work: () => Promise<void>) => {
      const isPoisoned = ({ text }: IReceived) => text.includes('poison');
      host.judge = received => (isPoisoned(received) ? 400 : 200);
      await work();
      await expect.poll(() => numbers(host)).toEqual([1, 2, 3, 5, 6, 7]);
      const alone = host.requests.filter(isPoisoned).at(-1);
      expect(alone?.body?.batch?.map(({ properties }) => properties)).toEqual([
        expect.objectContaining({ seq: 4, what: 'poison' })
      ]);
    }
  }
]) {
  test(name, async ({ page, posthog, server }) => {
    await server.configure({ projectKey: KEY, host: posthog.origin });
    const path = `${name.slice(0, 3)}.ipynb`;
    await server.write(path, flagged(CELLS));
    const notebook = await NotebookPage.open(page, server, path);
    const work = async (): Promise<void> => {
      await notebook.enterName('De', 'Livery');
      await notebook.runAll();
      const last = notebook.cell(CELLS.length - 1);
      await expect(last.locator('.jp-InputPrompt')).toHaveText('[3]:');
    };
    await act(posthog, work);

    // Nothing comes twice, also not after the next event.
    posthog.judge = () => 200;
    await notebook.run(0);
    await expect.poll(() => numbers(posthog).slice(-2)).toEqual([8, 9]);
    const uuids = posthog.events.map(({ uuid }) => uuid);
    expect(new Set(uuids).size).toBe(uuids.length);
    await notebook.statusItem.click();
    const refused = name.startsWith('400') ? 1 : 0;
    await expect(region(page)).toContainText(
      refused
        ? '1 event was refused, all others arrived'
        : 'Everything was delivered'
    );
    await expect(
      region(page).getByRole('listitem').filter({ hasText: 'refused: 400' })
    ).toHaveCount(refused);
  });
}

test('what is done while the server is down arrives once it is back', async ({
  page,
  startServer
}) => {
  const server = await startServer({
    files: {
      'down.ipynb': flagged(
        [
          code(
            'from IPython.display import HTML\nHTML("<details><summary>Solution</summary>42</details>")'
          )
        ],
        'down'
      )
    }
  });
  // JupyterLab says that the connection is lost, before everything else.
  await page.addLocatorHandler(
    page
      .locator('.jp-Dialog:not(.jp-ipynb-telemetry-Dialog)')
      .filter({ hasText: /connection|error/i }),
    dialog => dialog.getByRole('button').last().click()
  );
  const notebook = await NotebookPage.open(page, server, 'down.ipynb');
  await notebook.enterName('Server', 'Down');
  await notebook.run(0);
  const summary = notebook.cell(0).locator('summary');
  await expect(summary).toBeVisible();
  await waitForEvents(server, ({ length }) => length === 2);
  await notebook.statusItem.click();
  await expect(region(page)).toContainText(
    'Everything is kept on this computer'
  );

  await server.end();
  const solution = notebook.cell(0).locator('details');
  for (const open of [true, false, true, false]) {
    // JupyterLab's dialog may open between the press of the button and its release.
    await expect(async () => {
      if (
        (await solution.evaluate(
          block => (block as HTMLDetailsElement).open
        )) !== open
      ) {
        await summary.click();
      }
      await expect(solution).toHaveJSProperty('open', open, { timeout: 2_000 });
    }).toPass();
  }
  await expect(region(page)).toContainText('4 events are waiting to be sent');
  await server.resume();
  await expect(region(page)).toContainText(
    'Everything is kept on this computer'
  );
  await summary.click();

  const events = await waitForEvents(server, ({ length }) => length >= 7);
  expect(
    events.map(({ event, properties }) => [event, properties.seq])
  ).toEqual([
    ['session_started', 1],
    ['cell_executed', 2],
    ['solution_peek', 3],
    ['solution_closed', 4],
    ['solution_peek', 5],
    ['solution_closed', 6],
    ['solution_peek', 7]
  ]);
});
