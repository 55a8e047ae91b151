import { gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { code, flagged, plain } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

/** Texts that survive minification, each in the part that must not be there too soon. */
const PARTS = {
  zod: 'unrecognized_keys',
  runtime: 'pagehide',
  panel: 'Recorded activity'
};
/** The same of posthog-js itself. */
const POSTHOG = '$current_url';

/** The files of the extension that a page loads from now on. */
function collect(page: Page): {
  chunks: Promise<string>[];
  packed: Promise<Buffer>[];
} {
  const chunks: Promise<string>[] = [];
  const packed: Promise<Buffer>[] = [];
  page.on('response', response => {
    if (/ipynb-telemetry\/static\/[^/]+\.js(\?|$)/.test(response.url())) {
      chunks.push(response.text());
    } else if (/ipynb-telemetry\/static\/[^/]+\.bin$/.test(response.url())) {
      packed.push(response.body());
    }
  });
  return { chunks, packed };
}

test('an unflagged notebook loads the entry chunk, the first flagged one the rest', async ({
  page,
  server
}) => {
  const { chunks, packed } = collect(page);
  await server.write('lazy/off.ipynb', plain([code('1')]));
  await server.write(
    'lazy/false.ipynb',
    plain([code('2')], { ipynb_telemetry: { enabled: false } })
  );
  await server.write('lazy/on.ipynb', flagged([code('3')], 'lazy'));

  const off = await NotebookPage.open(page, server, 'lazy/off.ipynb');
  await off.run(0);
  await expect(off.cell(0)).toContainText('[1]:');
  const disabled = await off.openBeside('lazy/false.ipynb');
  await disabled.run(0);
  await expect(disabled.cell(0)).toContainText('[1]:');

  const before = (await Promise.all(chunks)).join('\n');
  expect(before.includes('ipynb-telemetry:toggle-notebook')).toBe(true);
  for (const [name, part] of Object.entries(PARTS)) {
    expect(before.includes(part), name).toBe(false);
  }
  expect(packed).toHaveLength(0);
  await expect(off.namePrompt).toBeHidden();
  await expect(off.statusItem).toBeHidden();

  const on = await off.openBeside('lazy/on.ipynb');
  await on.enterName('Lazy', 'Loader');
  await waitForEvents(server, events => events.length === 1, {
    notebook: 'lazy'
  });
  await expect(on.statusItem).toBeVisible();
  const after = (await Promise.all(chunks)).join('\n');
  for (const [name, part] of Object.entries(PARTS)) {
    expect(after.includes(part), name).toBe(true);
  }
  // The style sheet is among the parts.
  await expect(on.statusItem).toHaveCSS('border-top-style', 'none');
  // The words of the panel, and of what is wrong with the settings, are for few.
  for (const words of ['Left the notebook', 'did you mean']) {
    expect(after).not.toContain(words);
  }
  // posthog-js and the kernel side come packed, and not plain as well.
  await expect.poll(() => packed.length).toBe(2);
  const unpacked = (await Promise.all(packed)).map(file =>
    gunzipSync(file).toString()
  );
  expect(unpacked).toHaveLength(2);
  for (const part of [POSTHOG, 'def tracked_test']) {
    expect(unpacked.filter(text => text.includes(part))).toHaveLength(1);
    expect(after).not.toContain(part);
  }
});

test('posthog-js comes plain where the page takes no script from a blob', async ({
  page,
  startServer
}) => {
  const policy = "script-src 'self' 'unsafe-inline' 'unsafe-eval'";
  const headers = JSON.stringify({ 'Content-Security-Policy': policy });
  const server = await startServer({
    args: [`--ServerApp.tornado_settings={"headers": ${headers}}`]
  });
  const { chunks } = collect(page);
  const lesson = await Lesson.begin(page, server, 'policy', [code('1')]);
  await lesson.run(0);
  const [run] = await waitForEvents(server, events => events.length === 1, {
    notebook: 'policy',
    type: 'cell_executed'
  });
  expect(run.properties.$lib).toBe('web');
  expect((await Promise.all(chunks)).join('\n')).toContain(POSTHOG);
});
