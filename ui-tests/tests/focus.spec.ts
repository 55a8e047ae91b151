import { code } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { show } from '../support/visibility';

const away_ms = expect.any(Number);

test('another tab of JupyterLab is a leave', async ({ page, server }) => {
  await server.write('other.txt', 'text');
  const lesson = await Lesson.begin(page, server, 'tabs', [code('"marker"')]);

  await lesson.execute('docmanager:open', { path: 'other.txt' });
  await lesson.captured('blur', 1);
  // Another place away from the notebook is no second leave.
  await lesson.execute('launcher:create');
  // A page with much to do comes to us late.
  await page.evaluate(() =>
    window.jupyterapp.shell.currentChanged.connect(() => {
      const end = performance.now() + 500;
      while (performance.now() < end);
    })
  );
  await page.getByRole('main').getByRole('tab', { name: lesson.path }).click();
  await lesson.captured('focus', 1);
  await lesson.run(0);
  await lesson.captured('cell_executed', 1);

  expect(await lesson.captured('blur', 1)).toEqual([{ reason: 'tab' }]);
  expect(await lesson.captured('focus', 1)).toEqual([
    { reason: 'tab', away_ms }
  ]);
  const [left, back] = (await server.events({ notebook: lesson.id }))
    .filter(({ event }) => event === 'blur' || event === 'focus')
    .map(({ timestamp }) => Date.parse(timestamp));
  const [{ away_ms: away }] = await lesson.captured('focus', 1);
  expect(Math.abs((away as number) - (back - left))).toBeLessThan(200);
  expect(await lesson.history()).toEqual([
    'session_started',
    'blur',
    'focus',
    'cell_executed'
  ]);
});

test('another window and another tab of the browser are leaves, one at a time', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'windows', [
    code('"marker"')
  ]);

  await show(page, { hidden: false, focused: false });
  await lesson.captured('blur', 1);
  await show(page, { hidden: false, focused: true });
  await lesson.captured('focus', 1);
  // Blur and visibility of one leave; then away in another way, still away.
  await show(page, { hidden: true, focused: false });
  await lesson.captured('blur', 2);
  await show(page, { hidden: false, focused: false });
  await lesson.execute('notebook:run-cell');
  await lesson.captured('cell_executed', 1);
  await show(page, { hidden: false, focused: true });
  await lesson.captured('focus', 2);

  expect(await lesson.captured('blur', 2)).toEqual([
    { reason: 'window' },
    { reason: 'page_hidden' }
  ]);
  expect(await lesson.captured('focus', 2)).toEqual([
    { reason: 'window', away_ms },
    { reason: 'page_hidden', away_ms }
  ]);
  expect(await lesson.history()).toHaveLength(6);
});

test('a notebook behind another is not left when the window is', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'behindtab', [code('1')]);
  await server.write('fronttab.txt', 'text');

  await lesson.execute('docmanager:open', { path: 'fronttab.txt' });
  await lesson.captured('blur', 1);
  await show(page, { hidden: true, focused: false });
  await show(page, { hidden: false, focused: true });
  await page.getByRole('main').getByRole('tab', { name: lesson.path }).click();
  await lesson.captured('focus', 1);

  expect(await lesson.history()).toEqual(['session_started', 'blur', 'focus']);
});
