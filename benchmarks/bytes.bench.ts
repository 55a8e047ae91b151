// How much a page loads for us: with no notebook flagged, and with the first flagged one.
import type { Browser, Page, Response } from '@playwright/test';
import { code, flagged, plain } from '../ui-tests/support/cells';
import { test } from '../ui-tests/support/fixtures';
import type { Server } from '../ui-tests/support/server';
import { explain, median, record, spread, sum } from './support/figures';
import { Lab } from './support/lab';
import { longTasks, watchLongTasks } from './support/longtasks';
import { profileOurs } from './support/profile';
import { serverFor } from './support/servers';

const KB = 1000;
const ROUNDS = 5;
/** From here on a task is a long one, as browsers count. */
const LONG_MS = 50;

interface IFile {
  readonly name: string;
  readonly bytes: number;
}

test('bytes', async ({ browser, startServer }) => {
  const ours = await startServer(await serverFor('ours'));
  const bare = await startServer(await serverFor('bare'));
  const naive = await startServer(await serverFor('naive'));
  for (const server of [ours, bare, naive]) {
    await server.write('off.ipynb', plain([code('1')]));
    await server.write('on.ipynb', flagged([code('1')]));
  }

  const lab = await Lab.open(browser);
  const files = collect(lab.page);
  const notebook = await lab.notebook(ours, 'off.ipynb');
  recordBytes('JavaScript with no flagged notebook', await files(), 24);
  const first = await notebook.openBeside('on.ipynb');
  await first.enterName('Ann', 'Lee');
  await first.runToEnd(0);
  // The kernel side comes a moment later.
  await lab.page.waitForLoadState('networkidle');
  recordBytes('JavaScript with the first flagged notebook', await files(), 250);
  // What draws the panel comes when it is looked at.
  await first.statusItem.click();
  await lab.page.getByRole('region', { name: 'Recorded activity' }).waitFor();
  recordBytes('The same with the panel, once it is looked at', await files());
  await lab.close();

  const other = await Lab.open(browser);
  const theirs = collect(other.page);
  await other.page.addInitScript(() => {
    Object.assign(globalThis, { naiveHost: location.origin });
  });
  await other.notebook(naive, 'off.ipynb');
  recordBytes('The same, naive', await theirs());
  await other.close();

  await recordLongTasks(browser, bare, ours);
});

/** Collects the files of both extensions that a page loads: scripts, with the CSS in them, and what is packed. */
function collect(page: Page): () => Promise<IFile[]> {
  const found: Response[] = [];
  page.on('response', response => {
    if (/\/ipynb-telemetry(-naive)?\/static\//.test(response.url())) {
      found.push(response);
    }
  });
  return () =>
    Promise.all(
      found.map(async response => {
        const sizes = await response.request().sizes();
        return {
          name: new URL(response.url()).pathname.split('/').pop()!,
          bytes: sizes.responseBodySize
        };
      })
    );
}

function recordBytes(
  measure: string,
  files: ReadonlyArray<IFile>,
  atMost?: number
): void {
  record({
    measure,
    value: sum(files.map(({ bytes }) => bytes)) / KB,
    unit: 'KB',
    atMost,
    note: `${files.length} files`
  });
  for (const { name, bytes } of files) {
    explain(`${bytes} ${name}`);
  }
}

/**
 * JupyterLab has long tasks of its own while it starts. Whether one of ours is
 * among them a profile tells; that there are no more of them, the comparison.
 */
async function recordLongTasks(
  browser: Browser,
  bare: Server,
  ours: Server
): Promise<void> {
  const counts: Record<string, number[]> = { bare: [], ours: [] };
  const longest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, server] of Object.entries({ bare, ours })) {
      const lab = await Lab.open(browser);
      await watchLongTasks(lab.page);
      await lab.notebook(server, 'off.ipynb');
      counts[name].push((await longTasks(lab.page)).length);
      await lab.close();
    }
    const lab = await Lab.open(browser);
    // The same process, so that the profiler is there from the first script on.
    await lab.page.goto(`${ours.baseUrl}api/status?token=${ours.token}`);
    const share = await profileOurs(lab.client, async () => {
      await lab.notebook(ours, 'off.ipynb');
    });
    longest.push(share.longest);
    await lab.close();
  }
  record({
    measure: 'Longest stretch of our code at start, none flagged',
    value: median(longest),
    unit: 'ms',
    atMost: LONG_MS,
    note: `${spread(longest)}; long tasks of the page: ${median(counts.ours)}, bare ${median(counts.bare)}`
  });
}
