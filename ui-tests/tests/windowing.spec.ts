import { code, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { labSince, settingValues } from '../support/jupyterlab';
import { Lesson } from '../support/lesson';

const PLUGIN = '@jupyterlab/notebook-extension:tracker';
const TRACKER = `lab/api/settings/${PLUGIN}`;
const MODES = settingValues(PLUGIN, 'windowingMode');

const details = (summary: string, open = ''): string =>
  `<details${open}><summary>${summary}</summary>\n\nanswer\n\n</details>`;

test('JupyterLab has no windowing mode that is not tried here', () => {
  expect([...MODES].sort()).toEqual([
    ...(labSince(4, 5) ? ['contentVisibility'] : []),
    'defer',
    'full',
    'none'
  ]);
});

for (const windowingMode of MODES) {
  test(`a long notebook is told of the same with windowing ${windowingMode}`, async ({
    page,
    server
  }) => {
    const response = await server.fetch(TRACKER, {
      method: 'PUT',
      body: JSON.stringify({ raw: JSON.stringify({ windowingMode }) })
    });
    expect(response.ok).toBe(true);
    const count = 60;
    const lesson = await Lesson.begin(
      page,
      server,
      `windowing-${windowingMode}`,
      [
        ...Array.from({ length: count }, (_, index) => [
          code(`print(${index})\n${'#\n'.repeat(9)}`),
          markdown(details(`Open ${index}`, ' open'))
        ]).flat(),
        markdown(details('Far below'))
      ]
    );
    const mode = await page.evaluate(
      () =>
        (
          window.jupyterapp.shell.currentWidget as unknown as {
            content: { notebookConfig: { windowingMode: string } };
          }
        ).content.notebookConfig.windowingMode
    );
    expect(mode).toBe(windowingMode);

    // Page by page, all the way down and up: blocks come into the page open.
    const scroll = (step: number): Promise<number> =>
      lesson.panel
        .locator('.jp-WindowedPanel-outer')
        .evaluate(async (node, by) => {
          for (let pages = 0; ; pages++) {
            const before = node.scrollTop;
            node.scrollBy(0, by);
            await new Promise(resolve => requestAnimationFrame(resolve));
            await new Promise(resolve => requestAnimationFrame(resolve));
            if (node.scrollTop === before) {
              return pages;
            }
          }
        }, step);
    expect(await scroll(500)).toBeGreaterThan(10);
    const last = await lesson.scrollTo(2 * count);
    await last.locator('summary').click();
    expect(await scroll(-500)).toBeGreaterThan(10);
    const first = await lesson.scrollTo(1);
    await expect(first.locator('details[open]')).toBeVisible();

    await lesson.runAll();
    const runs = await lesson.captured('cell_executed', count);
    expect(runs.map(run => [run.cell_index, run.output])).toEqual(
      runs.map((_, index) => [2 * index, `${index}\n`])
    );
    expect(await lesson.captured('solution_peek', 1)).toEqual([
      {
        summary: 'Far below',
        cell_id: `cell-${2 * count}`,
        cell_index: 2 * count,
        peek: 1
      }
    ]);
    expect(await lesson.history()).toHaveLength(1 + count + 1);
  });
}

test.afterAll(async ({ server }) => {
  // Other tests may get this server after us.
  await server.fetch(TRACKER, {
    method: 'PUT',
    body: JSON.stringify({ raw: '{}' })
  });
});
