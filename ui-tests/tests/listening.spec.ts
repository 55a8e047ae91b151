import { code, flagged, plain } from '../support/cells';
import { expect, test } from '../support/fixtures';
import {
  listening,
  watchListening,
  type IListening
} from '../support/listening';
import { NotebookPage } from '../support/notebook';

/** What posthog-js listens to once it is loaded, which is out of our hands. */
const POSTHOG_JS = [
  'window beforeunload',
  'window offline',
  'window online',
  'window pagehide',
  'window pagehide',
  'window pageshow',
  'window storage'
];
/**
 * What stays as long as the page: where events wait and who sends them, also out of
 * the browser's cache and after a login; the panel's keys; the status item, which
 * says that the page is offline; what another tab says of the student, of consent and
 * pause; whose sessions are whose, told again once the page is online.
 */
const PAGE_LONG = [
  'BroadcastChannel message',
  'div keydown',
  'document visibilitychange',
  'document visibilitychange',
  'window focus',
  'window offline',
  'window online',
  'window online',
  'window online',
  'window pagehide',
  'window pagehide',
  'window pageshow',
  'window pageshow',
  'window storage',
  'window storage',
  'window storage',
  ...POSTHOG_JS
].sort();

test('nothing is listened to any more when the last flagged notebook is closed or unflagged', async ({
  page,
  server
}) => {
  const cells = [code('6 * 7'), code('')];
  await server.write('listening-plain.ipynb', plain(cells));
  await server.write('listening-first.ipynb', flagged(cells));
  await server.write('listening-second.ipynb', flagged(cells));
  await watchListening(page);
  const path = 'listening-plain.ipynb';
  const notebook = await NotebookPage.open(page, server, path);
  const untracked = await listening(page);
  expect(untracked.events).toEqual([]);

  /** As a student who gives the trackers something to follow. */
  const work = async (tracked: NotebookPage): Promise<void> => {
    await expect
      .poll(async () => (await listening(page)).events.length)
      .toBeGreaterThan(PAGE_LONG.length + 5);
    const { signals } = await listening(page);
    expect(signals.length).toBeGreaterThan(untracked.signals.length + 20);
    await tracked.runToEnd(0);
    await tracked.edit(1);
    await page.keyboard.type('1 +');
    await page.evaluate(() => navigator.clipboard.writeText(' 1'));
    await page.keyboard.press('ControlOrMeta+V');
    await expect(tracked.cell(1)).toContainText('1 + 1');
    await tracked.runToEnd(1);
    await tracked.save();
  };
  const expectLeft = (left: IListening): Promise<void> =>
    expect.poll(() => listening(page)).toEqual(left);

  const first = await notebook.openBeside('listening-first.ipynb');
  await first.enterName('Lis', 'Tener');
  await work(first);
  const second = await first.openBeside('listening-second.ipynb');
  await work(second);
  await second.menu('File', 'Close Tab');
  await expect(notebook.statusItem).toBeVisible();
  await notebook.openBeside('listening-first.ipynb');
  await first.menu('File', 'Close Tab');
  await expect(notebook.statusItem).toBeHidden();
  await expect
    .poll(async () => (await listening(page)).events)
    .toEqual(PAGE_LONG);
  const { signals } = await listening(page);
  const left = { events: PAGE_LONG, signals };

  await work(await notebook.openBeside('listening-second.ipynb'));
  await second.menu('File', 'Close Tab');
  await expect(notebook.statusItem).toBeHidden();
  await expectLeft(left);

  await notebook.openBeside(path);
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Turn On' })
    .click();
  await notebook.preview();
  await expect(notebook.statusItem).toBeVisible();
  await work(notebook);
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await expect(notebook.statusItem).toBeHidden();
  await expectLeft(left);
});
