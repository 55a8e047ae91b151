import type { Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { gate, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

interface IKernelInPage {
  anyMessage: {
    connect(
      slot: (
        sender: unknown,
        args: { direction: string; msg: { header: { session: string } } }
      ) => void
    ): boolean;
  };
}

declare global {
  interface Window {
    /** Settles when the kernel's next process has spoken. */
    spoken: Promise<void>;
  }
}

const TEST = [
  '@tracked_test("adds up")',
  'def check(total):',
  '    assert total == 4',
  'check(4)'
].join('\n');

/** The id of the kernel of the notebook in the foreground. */
const kernelId = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget!;
    return (sessionContext!.session!.kernel as unknown as { id: string }).id;
  });

test('a restart in another browser tab cancels, and tests go on', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'elsewhere', [
    code(TEST),
    code(gate('elsewhere')),
    code('"queued"')
  ]);
  const page2 = await page.context().newPage();
  const twin = new Lesson(page2, server, lesson.path);
  await NotebookPage.open(page2, server, lesson.path);
  await lesson.captured('session_started', 2);

  await page.bringToFront();
  await lesson.runAll();
  await lesson.reached('elsewhere');
  await page2.bringToFront();
  await twin.menu('Kernel', 'Restart Kernel…');
  await page2
    .getByRole('dialog')
    .getByRole('button', { name: 'Confirm Kernel Restart' })
    .click();
  const cancelled = await lesson.captured('cell_executed', 3);
  expect(cancelled.map(run => [run.cell_index, run.status])).toEqual([
    [0, 'ok'],
    [1, 'cancelled'],
    [2, 'cancelled']
  ]);
  await lesson.captured('test_passed', 1);

  // Both have their kernel side again.
  await twin.idle();
  await twin.run(0);
  await lesson.captured('test_passed', 2);
  await page.bringToFront();
  await lesson.run(0);
  await lesson.captured('test_passed', 3);
  await lesson.captured('cell_executed', 5);
});

test('a restart in a console on the same kernel is one for the notebook too', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'console', [
    code(gate('console')),
    code(TEST)
  ]);
  // Its status does not tell: `starting` is lost where nobody listens again yet.
  await page.evaluate(() => {
    const { kernel } =
      window.jupyterapp.shell.currentWidget!.sessionContext!.session!;
    const { anyMessage } = kernel as unknown as IKernelInPage;
    let process: string | null = null;
    window.spoken = new Promise(resolve => {
      anyMessage.connect((_, { direction, msg }) => {
        if (direction === 'recv') {
          process ??= msg.header.session;
          if (msg.header.session !== process) {
            resolve();
          }
        }
      });
    });
  });
  await lesson.run(0);
  await lesson.reached('console');
  await lesson.execute('console:create', {
    kernelPreference: { id: await kernelId(page) },
    activate: true
  });
  await expect(page.locator('.jp-CodeConsole')).toBeVisible();
  await page.waitForFunction(
    () =>
      window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel
        ?.connectionStatus === 'connected'
  );
  // As a console's own menu item does it, without its dialog.
  await page.evaluate(() => {
    const widget = window.jupyterapp.shell.currentWidget!;
    const { sessionContext } = widget as unknown as {
      sessionContext: { restartKernel(): Promise<void> };
    };
    return sessionContext.restartKernel();
  });
  const [cancelled] = await lesson.captured('cell_executed', 1);
  expect(cancelled).toMatchObject({ cell_index: 0, status: 'cancelled' });

  await page
    .locator('#jp-main-dock-panel')
    .getByRole('tab', { name: 'console.ipynb' })
    .click();
  await page.evaluate(() => window.spoken);
  await lesson.run(1);
  await lesson.captured('test_passed', 1);
});

test('two notebooks on one kernel each tell of their own tests', async ({
  page,
  server
}) => {
  await server.write('share-b.ipynb', flagged([code(TEST)]));
  const a = await Lesson.begin(page, server, 'share-a', [code(TEST)]);
  const id = await kernelId(page);
  await a.openBeside('share-b.ipynb');
  const b = new Lesson(page, server, 'share-b.ipynb');
  await page.evaluate(kernel => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget!;
    const { changeKernel } = sessionContext as unknown as {
      changeKernel(model: { id: string }): Promise<unknown>;
    };
    return changeKernel
      .call(sessionContext, { id: kernel })
      .then(() => undefined);
  }, id);
  expect(await kernelId(page)).toBe(id);
  await b.idle();

  await b.run(0);
  await b.captured('test_passed', 1);
  await b.captured('cell_executed', 1);
  expect(await a.history()).toEqual(['session_started', 'blur']);
});
