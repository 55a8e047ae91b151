import AxeBuilder from '@axe-core/playwright';
import { ClassAnswers } from '../support/classanswers';
import { expect, test } from '../support/fixtures';

test('a grid of 300 × 60 is walked by keyboard, and keeps its place in a refresh', async ({
  page,
  server
}) => {
  const answers = await ClassAnswers.of(page, 300, 60);
  await page.goto(
    `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}#now`
  );
  await expect(page.getByText('live, updated')).toBeVisible();
  // From the tabs on there is no pointer.
  await page.getByRole('tab', { name: 'Now' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Progress' })).toBeFocused();
  const grid = page.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', '302');
  await expect(grid).toHaveAttribute('aria-colcount', '65');
  expect(await grid.locator('td').count()).toBeLessThan(2_500);

  const at = (row: number, column: number) =>
    grid
      .locator(`tr[aria-rowindex="${row}"]`)
      .locator(`[aria-colindex="${column}"]`);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Outline…' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(at(1, 1).getByRole('button')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(at(2, 1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(at(2, 65)).toBeFocused();
  await page.keyboard.press('Control+End');
  await expect(at(302, 65)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(at(301, 65)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  const cell = at(301, 64);
  await expect(cell).toBeFocused();
  await expect(cell).toBeInViewport();
  await expect(cell).toHaveAttribute('aria-label', /^60\. /);

  const scroller = page.locator('.jp-cv-Grid');
  const place = (): Promise<number[]> =>
    scroller.evaluate(node => [node.scrollTop, node.scrollLeft]);
  const before = await place();
  const given = answers.given;
  answers.change();
  await expect.poll(() => answers.given).toBeGreaterThan(given);
  await expect(cell).toBeFocused();
  expect(await place()).toEqual(before);

  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Opened' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(cell).toBeFocused();
  await page.keyboard.press('PageUp');
  await expect(cell).not.toBeFocused();
  await page.keyboard.press('Control+Home');
  await expect(at(1, 1).getByRole('button')).toBeFocused();
});

test('a server that is away is said, and the last state stays', async ({
  page,
  server
}) => {
  const answers = await ClassAnswers.of(page, 30, 5);
  await page.goto(
    `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}#progress`
  );
  const grid = page.getByRole('grid');
  await expect(grid).toBeVisible();
  answers.isAway = true;
  const status = page.locator('header').getByRole('status');
  await expect(status).toContainText('The server is away. What you see is of');
  await expect(grid).toBeVisible();
  answers.isAway = false;
  await expect(page.getByText('live, updated')).toBeVisible();
  await expect(status).toBeEmpty();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any view, ${colorScheme}, wide and narrow`, async ({
    page,
    server
  }) => {
    await ClassAnswers.of(page, 30, 5);
    await page.emulateMedia({ colorScheme });
    await page.goto(
      `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}`
    );
    const looks = [
      'now',
      'now?names=hidden&since=2026-11-29T12:00:00Z&until=2026-11-29T14:00:00Z',
      'progress?student=STUDENT_B2&notebook=D1_Python_Tooling&exercise=exercise+1',
      'exercises?notebook=D1_Python_Tooling&exercise=exercise+1',
      'now?figure=here',
      'now?figure=solved&to=2026-11-29T12:00:00Z',
      'now?notebook=D1_Python_Tooling&exercise=exercise+1&part=here',
      'progress?figure=active',
      'exercises?notebook=D1_Python_Tooling&exercise=exercise+1&part=tried',
      'errors?fold=fold0',
      'students?figure=away',
      'students?student=STUDENT_B2&only=errors',
      'students?student=STUDENT_B2',
      'delivery'
    ];
    for (const width of [1280, 800]) {
      await page.setViewportSize({ width, height: 800 });
      for (const look of looks) {
        await page.evaluate(hash => {
          window.location.hash = hash;
        }, look);
        const name = look.split('?')[0];
        const tab = page.getByRole('tab', { name: new RegExp(name, 'i') });
        await expect(tab).toHaveAttribute('aria-selected', 'true');
        await expect(page.getByText('asking the server')).toHaveCount(0);
        await expect(
          page.locator('.jp-cv-Grid tbody tr, .jp-cv-Card li').first()
        ).toBeVisible();
        const { violations } = await new AxeBuilder({ page })
          .setLegacyMode()
          .analyze();
        expect(
          violations.map(({ id, nodes }) => [look, width, id, nodes[0].html])
        ).toEqual([]);
      }
    }
  });
}
