// A cell that prints 10 MB, run for real: what its event costs beside JupyterLab's own work.
import type { CDPSession, Page } from '@playwright/test';
import { code, flagged } from '../ui-tests/support/cells';
import { expect, test } from '../ui-tests/support/fixtures';
import { explain, median, record, spread } from './support/figures';
import { Lab } from './support/lab';
import { profileOurs } from './support/profile';
import { serverFor } from './support/servers';
import { keepSharedScope } from './support/sharedscope';

const ROUNDS = 5;
const MB = 1_000_000;
const PRINT =
  'line = "0123456789" * 10\nfor _ in range(100_000):\n    print(line)';

declare global {
  interface Window {
    /** What our slot of `executed` took, run by run, in milliseconds. */
    slots: number[];
    slotBegin: number;
  }
}

test('largeoutput', async ({ browser, startServer }) => {
  const server = await startServer({
    ...(await serverFor('ours')),
    args: ['--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9']
  });
  const slots: number[] = [];
  const runOnce = async (
    measured: (lab: Lab, run: () => Promise<void>) => Promise<void>
  ): Promise<void> => {
    await server.write('large.ipynb', flagged([code(PRINT)], 'large'));
    const lab = await Lab.open(browser);
    await keepSharedScope(lab.page);
    const notebook = await lab.notebook(server, 'large.ipynb');
    await connectBeforeUs(lab.page);
    await notebook.enterName('Ann', 'Lee');
    await expect(notebook.statusItem).toBeVisible();
    await connectAfterUs(lab.page);
    await measured(lab, () => notebook.execute('notebook:run-all-cells'));
    await lab.close();
  };
  for (let round = 0; round < ROUNDS; round++) {
    await runOnce(async ({ page }, run) => {
      await run();
      slots.push(...(await page.evaluate(() => window.slots)));
    });
  }
  expect(slots).toHaveLength(ROUNDS);
  record({
    measure: 'Our slot of executed after a cell printed 10 MB',
    value: median(slots),
    unit: 'ms',
    atMost: 5,
    note: spread(slots)
  });
  await runOnce(async ({ client }, run) => {
    record({
      measure: 'Allocated by our code in that run',
      value: await allocatedByUs(client, run),
      unit: 'MB',
      // A copy of the output would be ten.
      atMost: 1
    });
  });
  await runOnce(async ({ client }, run) => {
    const { places } = await profileOurs(client, run);
    explain('Where our time goes in that run, in ms:');
    places.forEach(([place, ms]) => explain(`${ms.toFixed(2)} ${place}`));
  });
});

/** Slots are called in the order they were connected: ours comes with the name. */
async function connectBeforeUs(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const [shared] = Object.values(window.sharedScope['@jupyterlab/notebook']);
    (await shared.get())().NotebookActions.executed.connect(() => {
      window.slotBegin = performance.now();
    });
  });
}

async function connectAfterUs(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const [shared] = Object.values(window.sharedScope['@jupyterlab/notebook']);
    window.slots = [];
    (await shared.get())().NotebookActions.executed.connect(() => {
      window.slots.push(performance.now() - window.slotBegin);
    });
  });
}

interface INode {
  readonly callFrame: { readonly url: string };
  readonly selfSize: number;
  readonly children: INode[];
}

/** What was allocated with our code on the stack, collected since or not, in MB. */
async function allocatedByUs(
  client: CDPSession,
  work: () => Promise<void>
): Promise<number> {
  await client.send('HeapProfiler.startSampling', {
    samplingInterval: 16_384,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true
  });
  await work();
  const { profile } = await client.send('HeapProfiler.stopSampling');
  const size = (node: INode, isOurs: boolean): number => {
    const ours =
      isOurs || node.callFrame.url.includes('/extensions/ipynb-telemetry/');
    return node.children.reduce(
      (total, child) => total + size(child, ours),
      ours ? node.selfSize : 0
    );
  };
  return size(profile.head, false) / MB;
}
