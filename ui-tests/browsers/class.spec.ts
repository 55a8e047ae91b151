// An instructor's minute in the class view's own page: the grid, the keyboard, a filter, a chart.
import { aClass } from '../support/classroom';
import { DrivenLesson, KEYS } from './support/drivenlesson';
import { expect, test } from './support/fixtures';

const ARROW_RIGHT = '\uE014';
const ARROW_DOWN = '\uE015';

test('an instructor sees the class, walks the grid by keyboard and filters it', async ({
  kind,
  program,
  server
}) => {
  const notebook = `class-${kind}`;
  await aClass(server, notebook);
  const tab = await program.open();
  await tab.goto(
    `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}#progress?in=${notebook}`
  );
  const page = new DrivenLesson(tab, server, notebook);
  await page.see('[role="rowheader"]', 'Eve Person');
  const cells = '[aria-label="Exercise 1: passed at try 3"]';
  await page.see(cells, '✓3');
  const focused = (): Promise<string | null> =>
    tab.evaluate(
      () =>
        document.activeElement!.getAttribute('aria-label') ??
        document.activeElement!.textContent
    );

  // From the name of the first student to her first exercise, four columns on.
  await page.click('[role="rowheader"]', 'Ann Person');
  await page.see('.jp-cv-Aside h2', 'Ann Person');
  await page.click('.jp-cv-Aside-close');
  await page.until(
    'nothing is open',
    () => !document.querySelector('.jp-cv-Aside')
  );
  await page.press(...Array.from({ length: 4 }, () => [ARROW_RIGHT]));
  await expect.poll(focused).toBe('Exercise 1: untouched');
  await page.press(...Array.from({ length: 4 }, () => [ARROW_DOWN]));
  await expect.poll(focused).toBe('Exercise 1: passed at try 3');
  await page.press([KEYS.Enter]);
  await page.see('.jp-cv-Aside h2', 'Eve Person');
  await page.press([KEYS.Escape]);
  await page.until(
    'nothing is open',
    () => !document.querySelector('.jp-cv-Aside')
  );
  await expect.poll(focused).toBe('Exercise 1: passed at try 3');

  // A group of three, and the class is these three.
  await tab.evaluate(() => {
    const [select] = [...document.querySelectorAll('select')].filter(
      ({ labels }) => labels[0].textContent.startsWith('Group')
    );
    select.value = 'B';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.until(
    'a group of three',
    () => document.querySelectorAll('tbody [role="rowheader"]').length === 3
  );
  await page.see('tfoot td', '67 %');
  await page.click('[role="tab"]', 'Now');
  await page.see('.jp-cv-Chart svg');
  await test.info().attach('now', {
    body: await tab.picture(),
    contentType: 'image/png'
  });
});
