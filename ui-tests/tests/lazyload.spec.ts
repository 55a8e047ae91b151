import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { code, flagged, plain as unflagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

/** Texts that survive minification, each in the part that must not be there too soon. */
const PARTS = {
  zod: 'unrecognized_keys',
  runtime: 'pagehide',
  panel: 'Recorded activity',
  'posthog-js': '$current_url'
};

/** The files of the extension that a page loads from now on, as text, by whether they came packed. */
function collect(page: Page): {
  plain: Promise<string>[];
  packed: Promise<string>[];
} {
  const plain: Promise<string>[] = [];
  const packed: Promise<string>[] = [];
  page.on('response', response => {
    const [, suffix] =
      /ipynb-telemetry\/static\/[^/]+\.(js|bin)(\?|$)/.exec(response.url()) ??
      [];
    if (suffix === 'js') {
      plain.push(response.text());
    } else if (suffix === 'bin') {
      packed.push(response.body().then(body => gunzipSync(body).toString()));
    }
  });
  return { plain, packed };
}

const joined = async (files: Promise<string>[]): Promise<string> =>
  (await Promise.all(files)).join('\n');

test('an unflagged notebook loads the entry chunk, the first flagged one the rest', async ({
  page,
  server
}) => {
  const { plain, packed } = collect(page);
  await server.write('lazy/off.ipynb', unflagged([code('1')]));
  await server.write(
    'lazy/false.ipynb',
    unflagged([code('2')], { ipynb_telemetry: { enabled: false } })
  );
  await server.write('lazy/on.ipynb', flagged([code('3')], 'lazy'));

  const off = await NotebookPage.open(page, server, 'lazy/off.ipynb');
  await off.run(0);
  await expect(off.cell(0)).toContainText('[1]:');
  const disabled = await off.openBeside('lazy/false.ipynb');
  await disabled.run(0);
  await expect(disabled.cell(0)).toContainText('[1]:');

  const before = await joined(packed);
  expect(before.includes('ipynb-telemetry:toggle-notebook')).toBe(true);
  for (const [name, part] of Object.entries(PARTS)) {
    expect(before.includes(part), name).toBe(false);
  }
  await expect(off.namePrompt).toBeHidden();
  await expect(off.statusItem).toBeHidden();

  const on = await off.openBeside('lazy/on.ipynb');
  await on.enterName('Lazy', 'Loader');
  await waitForEvents(server, events => events.length === 1, {
    notebook: 'lazy'
  });
  await expect(on.statusItem).toBeVisible();
  // The kernel side comes last.
  const kernelSide = 'def tracked_test';
  await expect.poll(() => joined(packed)).toContain(kernelSide);
  const after = await joined(packed);
  for (const [name, part] of Object.entries(PARTS)) {
    expect(after.includes(part), name).toBe(true);
  }
  // The style sheet is among the parts.
  await expect(on.statusItem).toHaveCSS('border-top-style', 'none');
  // The words of the panel, and of what is wrong with the settings, are for few.
  for (const words of ['Left the notebook', 'did you mean']) {
    expect(after).not.toContain(words);
  }
  // All but the entry comes packed, and once.
  expect(plain).toHaveLength(1);
  const files = await Promise.all(packed);
  for (const part of [PARTS['posthog-js'], kernelSide]) {
    expect(files.filter(text => text.includes(part)).length, part).toBe(1);
  }
});

test('chunks come plain where the page takes no script from a blob', async ({
  page,
  startServer
}) => {
  const policy = "script-src 'self' 'unsafe-inline' 'unsafe-eval'";
  const headers = JSON.stringify({ 'Content-Security-Policy': policy });
  const server = await startServer({
    args: [`--ServerApp.tornado_settings={"headers": ${headers}}`]
  });
  const { plain } = collect(page);
  const lesson = await Lesson.begin(page, server, 'policy', [code('1')]);
  await lesson.run(0);
  const [run] = await waitForEvents(server, events => events.length === 1, {
    notebook: 'policy',
    type: 'cell_executed'
  });
  expect(run.properties.$lib).toBe('web');
  const loaded = await joined(plain);
  for (const part of Object.values(PARTS)) {
    expect(loaded).toContain(part);
  }
});
