import { expectAccount } from '../support/account';
import { code, flagged } from '../support/cells';
import { dismissErrors, paced } from '../support/fault';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { Proxy } from '../support/proxy';
import { capture } from '../support/telemetry';

const isBatch = (url: string): boolean =>
  url.includes('/ipynb-telemetry/batch');

test.describe.configure({ mode: 'parallel' });

test('the collector stores events and its answers are lost', async ({
  captured,
  page,
  startServer
}) => {
  const server = await startServer({
    files: { 'unheard.ipynb': flagged(paced(20, 200)) }
  });
  const proxy = await Proxy.start([server]);
  try {
    let lost = 0;
    proxy.swallow = path => isBatch(path) && lost++ < 5;
    await page.goto(proxy.url(server.notebookUrl('unheard.ipynb')));
    const notebook = new NotebookPage(page, server, 'unheard.ipynb');
    await notebook.enterName('Un', 'Heard');
    await notebook.idle();
    await notebook.runAll();
    await captured.reach(20, 'cell_executed');

    await expectAccount(page, captured, () => server.events(), 21, [0]);
    expect(lost).toBeGreaterThan(5);
  } finally {
    await proxy.stop();
  }
});

test('the collector is killed in mid-batch and started again', async ({
  captured,
  page,
  startServer
}) => {
  const server = await startServer();
  await dismissErrors(page);
  const lesson = await Lesson.begin(page, server, 'mid-batch', [code('1')]);
  await lesson.run(0);
  await captured.reach(1, 'cell_executed');

  // The third batch of this flood is on its way when the server goes.
  let batches = 0;
  const third = page.waitForRequest(
    request => isBatch(request.url()) && ++batches === 3
  );
  await capture(page, 2000);
  await third;
  await server.end('SIGKILL');
  await capture(page, 100, 'tock');
  await server.resume();

  await expectAccount(page, captured, () => server.events(), 2102, [0]);
});
