import { code } from '../support/cells';
import { expectBalance } from './support/balance';
import { DrivenLesson } from './support/drivenlesson';
import { expect, test } from './support/fixtures';
import { capturedIn } from './support/listener';

const CELLS = 60;

test('of two tabs the one that sends is closed in a burst', async ({
  kind,
  program,
  server
}) => {
  const id = `tabs-${kind}`;
  const cells = Array.from({ length: CELLS }, (_, nth) => code(String(nth)));
  const first = await DrivenLesson.write(program, server, id, cells);
  await first.enterName('Ann', 'Lee');
  const second = await DrivenLesson.write(program, server, `${id}-2`, cells);
  await second.menu('Run', 'Run All Cells');
  await first.tab.show();
  await first.menu('Run', 'Run All Cells');
  await expect
    .poll(async () => (await capturedIn(first.tab)).length, { intervals: [20] })
    .toBeGreaterThan(CELLS);
  await first.tab.close();
  await second.tab.show();
  await second.idle();
  await expectBalance(
    second,
    async () => [
      ...(await server.events({ notebook: id })),
      ...(await server.events({ notebook: `${id}-2` }))
    ],
    CELLS + 2
  );
});

test('another tab of the browser is opened, and closed, and another window', async ({
  display,
  kind,
  program,
  server
}) => {
  const id = `focus-${kind}`;
  const lesson = await DrivenLesson.write(program, server, id, [code('1')]);
  await lesson.enterName('Ann', 'Lee');
  const told = async (type: string, count: number): Promise<unknown[]> => {
    await expect
      .poll(async () => (await server.events({ notebook: id, type })).length)
      .toBe(count);
    const events = await server.events({ notebook: id, type });
    return events.map(({ properties }) => properties.reason);
  };
  const left = Date.now();
  await display.press('ctrl+t');
  await lesson.until('the page is hidden', () => document.hidden);
  const hidden = Date.now();
  expect(await told('blur', 1)).toEqual(['page_hidden']);
  const [{ timestamp }] = await server.events({ notebook: id, type: 'blur' });
  // The moment of the leave, not of the telling.
  expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(left);
  expect(Date.parse(timestamp)).toBeLessThanOrEqual(hidden);
  await display.press('ctrl+w');
  await lesson.until('the page is shown', () => !document.hidden);
  // In WebKitGTK's small browser no page has the focus then.
  const [x, y] = await lesson.tab.evaluate(() => [
    window.screenX + window.outerWidth / 2,
    window.screenY + window.outerHeight / 2
  ]);
  await display.click(x, y);
  expect(await told('focus', 1)).toEqual(['page_hidden']);
  if (kind === 'firefox') {
    // WebKitGTK's small browser has no key for a window, and its driver's takes no focus.
    await display.press('ctrl+n');
    expect(await told('blur', 2)).toEqual(['page_hidden', 'window']);
    // A window goes with its only tab.
    await display.press('ctrl+w');
    expect(await told('focus', 2)).toEqual(['page_hidden', 'window']);
  }
  await expectBalance(lesson, () => server.events({ notebook: id }), 3);
});
