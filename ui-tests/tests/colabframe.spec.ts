import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Frame, Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { VENV } from '../support/server';
import { show } from '../support/visibility';

// Colab shows an output in a sandboxed frame of another origin.
const NOTEBOOK = 'https://notebook.example/';
const OUTPUT = 'https://output.example/';

/** What `invokeFunction` was given. */
type Call = [name: string, args: [boolean, number], keywords: object];

declare global {
  interface Window {
    calls: Call[];
  }
}

/** What the kernel shows in the cell that calls `setup_telemetry`. */
const HTML = execFileSync(join(VENV, 'bin', 'python'), [
  '-c',
  'from ipynb_telemetry import bootstrap; print(bootstrap._FRAME["text/html"])'
]).toString();

/** Of `google.colab.kernel` all that the public source uses; it tells the notebook's page. */
const colab = (accessAllowed: boolean, answer: string): string => `<script>
  window.google = { colab: { kernel: {
    accessAllowed: ${accessAllowed},
    invokeFunction(...call) {
      parent.postMessage(call, '*');
      ${answer}
    }
  } } };
</script>`;
const ANSWERS = 'return Promise.resolve({});';

/** A notebook with that in the frame of an output, before ours. */
async function open(page: Page, before: string): Promise<Frame> {
  await page.route(`${NOTEBOOK}*`, route =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script>
        calls = [];
        addEventListener('message', event => calls.push(event.data));
      </script>
      <iframe src="${OUTPUT}" sandbox="allow-scripts allow-same-origin"></iframe>`
    })
  );
  await page.route(`${OUTPUT}*`, route =>
    route.fulfill({ contentType: 'text/html', body: `${before}${HTML}` })
  );
  await page.goto(NOTEBOOK);
  const frame = page.frame({ url: OUTPUT });
  if (!frame) {
    throw new Error('no frame');
  }
  await frame.waitForLoadState();
  return frame;
}

const turn = (frame: Frame, hidden: boolean): Promise<void> =>
  show(frame, { hidden, focused: !hidden });

/** All calls so far: a message of the frame's own comes behind them. */
async function callsOf(page: Page, frame: Frame): Promise<Call[]> {
  await frame.evaluate(() => parent.postMessage('all', '*'));
  await page.waitForFunction(() => (window.calls as unknown[]).includes('all'));
  return page.evaluate(() =>
    window.calls.splice(0).filter(call => Array.isArray(call))
  );
}

test('a frame tells the kernel when its tab is hidden and shown, and shows nothing', async ({
  page
}) => {
  const frame = await open(page, colab(true, ANSWERS));
  const since = Date.now();
  await turn(frame, true);
  await turn(frame, false);
  const calls = await callsOf(page, frame);

  const at = expect.any(Number);
  expect(calls).toEqual([
    ['ipynb_telemetry', [true, at], {}],
    ['ipynb_telemetry', [false, at], {}]
  ]);
  const [left, back] = calls.map(([, [, at]]) => at);
  expect(since <= left && left <= back && back <= Date.now()).toBe(true);
  expect(await frame.evaluate(() => document.body.innerText.trim())).toBe('');
});

test('a cell that is run again in the same frame tells once', async ({
  page
}) => {
  const frame = await open(page, colab(true, ANSWERS));
  await frame.evaluate(html => {
    // As Colab does: scripts of an output are run.
    document.body.replaceChildren(
      document.createRange().createContextualFragment(html)
    );
  }, HTML);
  await turn(frame, true);
  expect(await callsOf(page, frame)).toHaveLength(1);
});

test('a frame that goes, as when its cell is run again, tells of no leave', async ({
  page
}) => {
  const frame = await open(page, colab(true, ANSWERS));
  await page.evaluate(
    url => document.querySelector('iframe')?.setAttribute('src', url),
    `${OUTPUT}?again`
  );
  await frame.waitForURL(/again/);
  expect(await callsOf(page, frame)).toEqual([]);
  await turn(frame, true);
  expect(await callsOf(page, frame)).toHaveLength(1);
});

for (const { where, before, calls } of [
  { where: 'is not Colab', before: '', calls: 0 },
  {
    where: 'is Colab, with the output of another session',
    before: colab(false, ANSWERS),
    calls: 0
  },
  {
    where: 'has no such function',
    before: colab(true, 'return Promise.reject("not found");'),
    calls: 2
  },
  {
    where: 'cannot call',
    before: colab(true, 'throw new Error("no kernel");'),
    calls: 2
  }
]) {
  test(`a saved notebook does no harm where it ${where}`, async ({ page }) => {
    const told: string[] = [];
    page.on('pageerror', error => told.push(error.message));
    page.on('console', message => told.push(message.text()));
    const frame = await open(page, before);
    await turn(frame, true);
    await turn(frame, false);
    expect(await callsOf(page, frame)).toHaveLength(calls);
    // A rejection that nobody handles is told of a task later.
    await frame.evaluate(() => new Promise(done => setTimeout(done)));
    expect(told).toEqual([]);
  });
}
