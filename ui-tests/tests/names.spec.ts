// Names in whatever letters: shown as typed, told apart by a code, and the same on another device.
import { code, flagged } from '../support/cells';
import { ClassPage } from '../support/classpage';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

const LEILA = '\u0644\u064a\u0644\u0649 \u062d\u0633\u0646';
const SETTINGS = { settings: { names: 'any' } };

test('names of every script are shown as typed, and two with one name are two', async ({
  browser,
  startServer
}, testInfo) => {
  const server = await startServer(SETTINGS);
  await server.write('names.ipynb', flagged([code('STUDENT_NAME')], 'names'));
  const ids: string[] = [];
  const people: ReadonlyArray<readonly [string, string]> = [
    [LEILA, 'STUDENT'],
    ['\u738b\u5c0f\u660e', 'STUDENT'],
    ['Madonna', 'MADONNA'],
    ['Sea\u0301n O\u2019Brien', 'SEAN_OBRIEN'],
    ['Madonna', 'MADONNA']
  ];
  for (const [name, label] of people) {
    // A browser of one's own has nobody's name.
    const context = await browser.newContext();
    const page = await context.newPage();
    await NotebookPage.open(page, server, 'names.ipynb', { kernel: false });
    const dialog = page.getByRole('dialog');
    const field = dialog.getByRole('textbox', { name: 'Your name' });
    await expect(field).toBeFocused();
    if (ids.length === 0) {
      await field.fill('<b>');
      await page.keyboard.press('Enter');
      await expect(field).toHaveAccessibleDescription(
        /^Letters, spaces, hyphens and apostrophes only/
      );
    }
    await field.fill(name);
    await expect(dialog).toContainText(
      new RegExp(`${label}(-[0-9A-HJKMNP-TV-Z]{4}){4}`)
    );
    if (name === LEILA) {
      // What runs from right to left begins at the right.
      expect(
        await field.evaluate(input => getComputedStyle(input).direction)
      ).toBe('rtl');
      await page.screenshot({ path: testInfo.outputPath('dialog.png') });
    }
    await dialog.getByRole('button', { name: 'Start recording' }).click();
    await expect(dialog).toBeHidden();
    const events = await waitForEvents(server, stored =>
      stored.some(
        each =>
          each.event === 'session_started' && !ids.includes(each.distinct_id)
      )
    );
    const started = events.find(
      each =>
        each.event === 'session_started' && !ids.includes(each.distinct_id)
    )!;
    expect(started.distinct_id).toMatch(
      new RegExp(`^${label}-[0-9A-HJKMNP-TV-Z]{6}$`)
    );
    expect(started.properties.student_name).toBe(name.normalize('NFC'));
    ids.push(started.distinct_id);
    await context.close();
  }
  expect(new Set(ids).size).toBe(people.length);

  const context = await browser.newContext();
  const page = await context.newPage();
  const view = await ClassPage.open(page, server, 'students?in=names');
  const names = view.grid.getByRole('rowheader');
  await expect(names).toHaveCount(people.length);
  await expect(names.filter({ hasText: LEILA })).toHaveCount(1);
  await expect(
    names.filter({ hasText: /^Madonna \([0-9A-Z]{6}\)$/ })
  ).toHaveCount(2);
  await page.screenshot({ path: testInfo.outputPath('class.png') });
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const stream = await (await saving).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  const csv = Buffer.concat(chunks).toString();
  expect(csv).toContain(`\n${LEILA},`);
  await context.close();
});

test('another device is joined by the code that was written down', async ({
  browser,
  startServer
}, testInfo) => {
  const server = await startServer(SETTINGS);
  await server.write('join.ipynb', flagged([code('1')], 'join'));
  const first = await browser.newContext();
  const firstPage = await first.newPage();
  await NotebookPage.open(firstPage, server, 'join.ipynb', { kernel: false });
  const asking = firstPage.getByRole('dialog');
  await asking.getByLabel('Your name').fill(LEILA);
  const written = await asking.locator('code').innerText();
  await asking.getByRole('button', { name: 'Start' }).click();
  await waitForEvents(server, events => events.length > 0);
  await first.close();

  const second = await browser.newContext();
  const page = await second.newPage();
  await NotebookPage.open(page, server, 'join.ipynb', { kernel: false });
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Leila');
  await dialog.getByLabel('I have a code').check();
  const codeField = dialog.getByLabel('Code from your other device');
  await codeField.fill('STUDENT-7K3Q');
  await page.keyboard.press('Enter');
  await expect(codeField).toBeFocused();
  await expect(codeField).toHaveAccessibleDescription(
    /^A code ends in 16 letters and digits/
  );
  await codeField.fill(written.toLowerCase());
  await page.screenshot({ path: testInfo.outputPath('join.png') });
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const started = (
    await waitForEvents(
      server,
      events =>
        events.filter(({ event }) => event === 'session_started').length === 2
    )
  ).filter(({ event }) => event === 'session_started');
  expect(started[0].distinct_id).toBe(started[1].distinct_id);
  // The code itself goes nowhere.
  const secret = written.replace(/^[A-Z_]+-/, '').replace(/-/g, '');
  expect(JSON.stringify(await server.events())).not.toContain(secret);

  // The page knows who it is from now on, and is not asked again.
  await page.reload();
  await waitForEvents(
    server,
    events =>
      events.filter(({ event }) => event === 'session_started').length === 3
  );
  await expect(dialog).toBeHidden();
  await second.close();
});
