import { code, flagged, markdown } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { exposeTelemetry } from '../support/telemetry';

test('the panel tells newest first in plain words what waits and what is delivered', async ({
  page,
  server
}) => {
  await server.write(
    'activity.ipynb',
    flagged(
      [
        markdown('<details><summary>Solution 1</summary>42</details>'),
        code('6 * 7'),
        code('1 / 0')
      ],
      'activity'
    )
  );
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  await page.route('**/ipynb-telemetry/batch/**', async route => {
    await held;
    await route.continue();
  });
  const notebook = await NotebookPage.open(page, server, 'activity.ipynb');
  await notebook.enterName('Acti', 'Vity');
  for (const index of [1, 2]) {
    await notebook.runToEnd(index);
  }
  await notebook.cell(0).locator('summary').click();

  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  const rows = panel.getByRole('listitem');
  await expect(panel).toContainText(
    'ACTI-VITY. Your records stay on this computer.'
  );
  await expect(rows).toContainText([
    'Opened “Solution 1”',
    'Ran cell [2]: ZeroDivisionError',
    'Ran cell [1]',
    'Started working',
    'You agreed to be recorded'
  ]);
  await expect(rows.filter({ hasText: /\d [AP]M · waiting$/ })).toHaveCount(5);
  await expect(panel).toContainText('5 events are waiting to be sent');
  release();
  await expect(rows.filter({ hasText: /\d [AP]M · kept$/ })).toHaveCount(5);
  await expect(panel).toContainText('Everything is kept on this computer');

  // With the keyboard alone: down the rows, open one, read on, close it.
  const newest = rows.first().getByRole('button');
  await expect(newest).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const second = rows.nth(1).getByRole('button');
  await expect(second).toBeFocused();
  await expect(second).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await expect(second).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  const json = rows.nth(1).locator('pre');
  await expect(json).toBeFocused();
  const shown = JSON.parse((await json.textContent()) ?? '') as object;
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await expect(json).toBeHidden();
  // The list is one stop: the next is out of the panel, and Escape is back where it came from.
  await page.keyboard.press('End');
  await expect(rows.last().getByRole('button')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(notebook.statusItem).toBeFocused();

  const stored = await waitForEvents(server, ({ length }) => length === 4, {
    notebook: 'activity'
  });
  const { uuid, event, timestamp, properties } = stored[2];
  const {
    student_id,
    notebook: id,
    session_id,
    seq,
    active_ms,
    ...rest
  } = properties;
  const own = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !name.startsWith('$'))
  );
  expect(shown).toEqual({
    uuid,
    event_type: event,
    student_id,
    notebook: id,
    timestamp,
    session_id,
    seq,
    active_ms,
    properties: own
  });
});

test('5,000 events stay cheap to show, and all of them arrive', async ({
  page,
  server
}) => {
  const COUNT = 5_000;
  await server.write('ticks.ipynb', flagged([code('1')], 'ticks'));
  const notebook = await NotebookPage.open(page, server, 'ticks.ipynb');
  await notebook.enterName('Many', 'Events');
  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  const rows = panel.getByRole('listitem');
  await expect(rows).toContainText(['Started working']);

  await exposeTelemetry(page);
  const accepted = await page.evaluate(count => {
    const notebookPanel = window.jupyterapp.shell.currentWidget;
    let taken = 0;
    for (let nth = 1; nth <= count; nth++) {
      taken += Number(window.telemetry.capture(notebookPanel, 'tick', { nth }));
    }
    return taken;
  }, COUNT);
  expect(accepted).toBe(COUNT);
  await expect(rows).toHaveCount(100);
  await expect(panel).toContainText('Everything is kept on this computer');
  await expect(rows).toHaveCount(100);
  await panel.getByRole('button', { name: 'Show older' }).click();
  await expect(rows).toHaveCount(200);
  await rows.first().getByRole('button').click();
  await expect(rows.first().locator('pre')).toContainText(`"nth": ${COUNT}`);

  const events = await server.events({ notebook: 'ticks', type: 'tick' });
  expect(events.map(({ properties }) => properties.seq)).toEqual(
    events.map((_, index) => index + 2)
  );
  expect(events).toHaveLength(COUNT);
});
