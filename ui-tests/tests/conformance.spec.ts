import { expect, type Page } from '@playwright/test';
import type { IOtherEnd } from '../support/collector';
import { Conformance } from '../support/conformance';
import { waitForEvents } from '../support/events';
import { PROJECT_KEY } from '../support/fault';
import { test } from '../support/fixtures';
import type { LiteServer } from '../support/litesite';
import { NotebookPage, type IPlace } from '../support/notebook';
import type { PostHogHost } from '../support/posthoghost';

/** A student works through the lesson. */
async function learn(
  page: Page,
  place: IPlace,
  lesson: Conformance
): Promise<NotebookPage<IPlace>> {
  const notebook = new NotebookPage(page, place, 'lesson.ipynb');
  await giveName(notebook);
  await notebook.idle();
  return workThrough(notebook, lesson, lesson.cells);
}

/** Let the kernel wait for the page's answer as long as a busy machine takes. */
async function waitForPage(page: Page): Promise<void> {
  const code = 'import ipynb_telemetry.bootstrap as b; b._PATIENCE_S = 60.0';
  const status = await page.evaluate(async code => {
    const { currentWidget } = window.jupyterapp.shell;
    const kernel = currentWidget?.sessionContext?.session?.kernel;
    const reply = await kernel?.requestExecute({ code, silent: true }).done;
    return reply?.content.status;
  }, code);
  expect(status).toBe('ok');
}

async function giveName(notebook: NotebookPage<IPlace>): Promise<void> {
  await expect(notebook.namePrompt).toBeVisible({ timeout: 120_000 });
  await notebook.enterName('Ann', 'Lee');
}

async function workThrough(
  notebook: NotebookPage<IPlace>,
  lesson: Conformance,
  cells: ReadonlyArray<number>
): Promise<NotebookPage<IPlace>> {
  for (const index of cells) {
    await notebook.runToEnd(index);
  }
  await notebook.run(lesson.again);
  const count = lesson.cells.length + 1;
  await expect(
    notebook.cell(lesson.again).locator('.jp-InputPrompt')
  ).toHaveText(`[${count}]:`);
  return notebook;
}

/** And leaves the page. */
async function leave(page: Page): Promise<void> {
  await page.goto('about:blank');
}

async function expectStored(
  server: IOtherEnd,
  lesson: Conformance
): Promise<void> {
  await waitForEvents(server, events => lesson.isOver(events));
  lesson.expect(await server.events());
}

function publish(
  lite: LiteServer,
  { origin }: PostHogHost,
  lesson: Conformance
): Promise<IPlace> {
  return lite.publish('course', {
    files: { 'lesson.ipynb': lesson.notebook },
    settings: { projectKey: PROJECT_KEY, host: origin },
    hasPackage: true
  });
}

async function expectSent(
  posthog: PostHogHost,
  notebook: NotebookPage<IPlace>,
  lesson: Conformance
): Promise<void> {
  // The service worker lets no request of a page outlive it: not by leaving.
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await expect(notebook.statusItem).toBeHidden();
  await expect.poll(() => lesson.isOver(posthog.events)).toBe(true);
  lesson.expect(posthog.events);
}

for (const app of ['lab', 'notebook'] as const) {
  test(`the lesson conforms in ${app}`, async ({ page, startServer }) => {
    const lesson = new Conformance(app);
    const files = { 'lesson.ipynb': lesson.notebook };
    const server = await startServer({ app, files });
    await page.goto(server.notebookUrl('lesson.ipynb'));
    await learn(page, server, lesson);
    await leave(page);
    await expectStored(server, lesson);
  });
}

test('the lesson conforms in lab where its call is all there is', async ({
  page,
  startServer
}) => {
  const lesson = new Conformance('lab', 'python', false);
  const files = { 'lesson.ipynb': lesson.notebook };
  const server = await startServer({ files });
  const notebook = await NotebookPage.open(page, server, 'lesson.ipynb');
  const [call, ...cells] = lesson.cells;
  await waitForPage(page);
  await notebook.run(call);
  await giveName(notebook);
  // Up to here the kernel kept it for the page, which reports the rest itself.
  await waitForEvents(server, stored => stored.length === 2);
  await workThrough(notebook, lesson, cells);
  await leave(page);
  await expectStored(server, lesson);
});

test('the lesson conforms in hub', async ({ page, startHub }) => {
  const lesson = new Conformance('hub');
  const files = { 'lesson.ipynb': lesson.notebook };
  const hub = await startHub({ users: ['ann'], files });
  const ann = hub.user('ann');
  await ann.signIn(page, 'lesson.ipynb');
  await learn(page, ann, lesson);
  await leave(page);
  await expectStored(ann, lesson);
});

for (const kernel of ['javascript', 'python'] as const) {
  test(`the lesson conforms in lite, in ${kernel}`, async ({
    page,
    lite,
    posthog
  }) => {
    const lesson = new Conformance('lite', kernel);
    const site = await publish(lite, posthog, lesson);
    await page.goto(site.notebookUrl('lesson.ipynb'));
    const notebook = await learn(page, site, lesson);
    await expectSent(posthog, notebook, lesson);
  });
}

test('the lesson conforms in lite where its call is all there is', async ({
  page,
  lite,
  posthog
}) => {
  const lesson = new Conformance('lite', 'python', false);
  const site = await publish(lite, posthog, lesson);
  const notebook = await NotebookPage.open(page, site, 'lesson.ipynb');
  const [call, ...cells] = lesson.cells;
  await notebook.run(call);
  await giveName(notebook);
  await expect.poll(() => posthog.events.length).toBe(2);
  await workThrough(notebook, lesson, cells);
  await expectSent(posthog, notebook, lesson);
});
