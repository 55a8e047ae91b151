import { expectAccount } from '../support/account';
import { code } from '../support/cells';
import { dismissErrors } from '../support/fault';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { capture, health } from '../support/telemetry';
import { show } from '../support/visibility';

test('a page whose login expires sends one batch in vain, says so, and goes on after the login', async ({
  captured,
  context,
  page,
  server
}) => {
  await dismissErrors(page);
  const batches: number[] = [];
  let questions = 0;
  page.on('response', response => {
    const { pathname } = new URL(response.url());
    if (pathname === '/ipynb-telemetry/batch/') {
      batches.push(response.status());
    }
    questions += Number(pathname === '/api/me' && response.status() === 403);
  });
  const lesson = await Lesson.begin(page, server, 'login', [code('1')]);
  await lesson.captured('session_started', 1);
  // The store has an event before the page has read that it does.
  await expect.poll(() => health(page)).toMatchObject({ waiting: 0 });

  batches.length = 0;
  questions = 0;
  // A page that was opened by a password has no token.
  await page.evaluate(() => {
    const { serverSettings } = (
      window.jupyterapp as unknown as {
        serviceManager: { serverSettings: { token: string } };
      }
    ).serviceManager;
    Object.assign(serverSettings, { token: '' });
  });
  await context.clearCookies();
  await capture(page, 5);
  await expect
    .poll(() => health(page))
    .toMatchObject({ problem: 'logged out', waiting: 5 });
  expect(batches).toEqual([403]);

  // Neither more events nor a student who comes back makes it send.
  for (let nth = 0; nth < 5; nth++) {
    const before = questions;
    await capture(page, 1);
    await show(page, { hidden: false, focused: true });
    await expect.poll(() => questions).toBeGreaterThan(before);
  }
  expect(batches).toEqual([403]);
  await lesson.statusItem.click();
  await expect(page.locator('.jp-ipynb-telemetry-Activity')).toContainText(
    'log in again, in another tab'
  );
  await page.screenshot({ path: test.info().outputPath('loggedout.png') });

  const other = await context.newPage();
  await other.goto(`${server.baseUrl}login`);
  await other.locator('input[type=password]').first().fill(server.token);
  await other.keyboard.press('Enter');
  await other.waitForURL(url => !url.pathname.includes('login'));
  await other.close();
  await show(page, { hidden: false, focused: true });
  await expectAccount(
    page,
    captured,
    () => server.events({ notebook: 'login' }),
    11
  );
  expect(batches.filter(status => status === 403)).toHaveLength(1);
});
