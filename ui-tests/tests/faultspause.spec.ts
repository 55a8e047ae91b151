import { readFile } from 'node:fs/promises';
import { expectAccount } from '../support/account';
import { leaderOf } from '../support/browser';
import { code } from '../support/cells';
import { askForPause, endPause, paused } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import type { IWireEvent } from '../support/posthoghost';
import { capture, health } from '../support/telemetry';
import { show } from '../support/visibility';

test.describe.configure({ mode: 'parallel' });

for (const { where, id, isOther } of [
  { where: 'in the tab that sends', id: 'sendnow', isOther: false },
  { where: 'in another tab', id: 'sendnow-other', isOther: true }
]) {
  test(`“Send now” ${where} ends a pause of an hour`, async ({
    captured,
    context,
    page,
    posthog,
    server
  }) => {
    const lesson = await Lesson.begin(page, server, id, [code('1')]);
    await expect.poll(() => posthog.stored.length).toBe(1);
    const pages = [page];
    if (isOther) {
      pages.unshift(await context.newPage());
      await NotebookPage.open(pages[0], server, lesson.path);
      expect(await leaderOf(pages)).toBe(page);
      await expect.poll(() => posthog.stored.length).toBe(2);
    }
    const [tab] = pages;
    askForPause(posthog);
    await capture(page, 30);
    const due = await paused(tab);
    endPause(posthog);
    // The next event is no reason to try sooner.
    await capture(page, 1);
    const N = isOther ? 33 : 32;
    await captured.reach(N);

    const notebook = new NotebookPage(tab, server, lesson.path);
    await notebook.statusItem.click();
    const panel = tab.getByRole('region', { name: 'Recorded activity' });
    await expect(panel).toContainText('31 events are waiting to be sent');
    const time = await tab.evaluate(
      ms => new Date(ms).toLocaleTimeString(),
      due
    );
    await expect(panel).toContainText(`Next attempt${time}`);
    expect(posthog.stored).toHaveLength(N - 31);
    await panel.getByRole('button', { name: 'Send now' }).click();

    const missed = isOther ? [1, 0] : [0];
    await expectAccount(pages, captured, posthog, N, missed);
    expect(Date.now()).toBeLessThan(due);
    await expect(panel).toContainText(/Everything (was delivered|is kept on)/);
    await expect(panel).not.toContainText('Next attempt');
    // Once each, in one go.
    expect(posthog.events).toHaveLength(N);
  });
}

test('a page that is shown again ends a pause of an hour, one that is hidden does not', async ({
  captured,
  page,
  posthog,
  server
}) => {
  await Lesson.begin(page, server, 'shown', [code('1')]);
  await expect.poll(() => posthog.stored.length).toBe(1);
  askForPause(posthog);
  await capture(page, 30);
  const due = await paused(page);
  endPause(posthog);
  const { length } = posthog.requests;

  await show(page, { hidden: true, focused: false });
  await captured.reach(1, 'blur');
  await expect.poll(() => health(page)).toMatchObject({ waiting: 31 });
  expect(await paused(page)).toBe(due);
  expect(posthog.requests).toHaveLength(length);
  await show(page, { hidden: false, focused: true });

  await captured.reach(1, 'focus');
  await expectAccount(page, captured, posthog, 33, [0]);
  expect(Date.now()).toBeLessThan(due);
});

test('what is exported is what has not been delivered, as it arrives in the end', async ({
  captured,
  page,
  posthog,
  server
}) => {
  const isPoisoned = ({ text }: { text: string }) => text.includes('"poison"');
  posthog.judge = received => (isPoisoned(received) ? 400 : undefined);
  const cells = [code('"delivered"'), code('6 * 7')];
  const lesson = await Lesson.begin(page, server, 'exported', cells);
  await lesson.run(0);
  await capture(page, 1, 'poison');
  await expect
    .poll(() => health(page))
    .toMatchObject({ waiting: 0, setAside: 1, delivered: 3 });
  askForPause(posthog);
  await lesson.run(1);
  await captured.reach(2, 'cell_executed');
  await capture(page, 300);
  await paused(page);

  await lesson.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel).toContainText('301 events are waiting to be sent');
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Export', exact: true }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('ipynb-telemetry-undelivered.json');
  const text = await readFile(await download.path(), 'utf8');
  const { exported_at, ...exported } = JSON.parse(text) as IExport;

  expect(Math.abs(Date.parse(exported_at) - Date.now())).toBeLessThan(
    3_600_000
  );
  const [waiting, refused] = [
    exported.waiting.map(({ uuid }) => uuid),
    exported.set_aside.map(({ event: { uuid } }) => uuid)
  ];
  const delivered = new Set(posthog.stored.map(({ uuid }) => uuid));
  expect(delivered.size).toBe(2);
  const open = captured.events.filter(({ uuid }) => !delivered.has(uuid));
  expect(waiting).toEqual(
    open.filter(event => event.event_type !== 'poison').map(({ uuid }) => uuid)
  );
  expect(refused).toEqual(
    open.filter(event => event.event_type === 'poison').map(({ uuid }) => uuid)
  );
  expect(waiting).toHaveLength(301);
  expect(exported).toMatchObject({
    set_aside: [{ reason: '400 Bad Request' }],
    of_other_students: 0
  });
  // To be read by people: a line for each value, the student's code in clear.
  expect(text).toContain('\n        "code": "6 * 7",\n');

  // Sent after all, it is the same to the letter, what was refused as well.
  endPause(posthog);
  posthog.judge = () => undefined;
  await panel.getByRole('button', { name: 'Send now' }).click();
  await expectAccount(page, captured, posthog, 304, [0]);
  const arrived = new Map(posthog.stored.map(event => [event.uuid, event]));
  for (const event of [
    ...exported.waiting,
    ...exported.set_aside.map(({ event }) => event)
  ]) {
    expect(event).toEqual(arrived.get(event.uuid));
  }
});

/** The exported file. */
interface IExport {
  exported_at: string;
  waiting: IWireEvent[];
  set_aside: { event: IWireEvent; reason: string }[];
  of_other_students: number;
}
