// A student's computer that is joined to a class collector by the line that the instructor shows.
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from '@playwright/test';
import { code, flagged } from '../support/cells';
import type { ClassCollector } from '../support/classcollector';
import { ClassPage } from '../support/classpage';
import { expect, test } from '../support/fixtures';
import { scripted } from '../support/litesite';
import { NotebookPage } from '../support/notebook';
import { freePort } from '../support/port';
import { SelfSigned } from '../support/selfsigned';
import { health } from '../support/telemetry';

/** The events of lessons in a class's file, each once; `by` runs the command that reads them. */
async function stored(
  by: Pick<ClassCollector, 'telemetry'>,
  database: string
): Promise<string[]> {
  const lines = await by.telemetry(
    ...['export', '--format', 'jsonl', '--database', database]
  );
  return lines
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { event: string })
    .map(({ event }) => event)
    .filter(event => !event.startsWith('consent_'));
}

/** The class view as the instructor sees it, who has looked at the certificate. */
async function classView(
  browser: Browser,
  url: string,
  key: string
): Promise<ClassPage> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${url}/`);
  await page.getByLabel('Instructor’s key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
  return new ClassPage(page);
}

test('a joined laptop sends to the class by a pinned certificate, and to nobody else', async ({
  browser,
  page,
  startServer,
  startCollector
}) => {
  test.setTimeout(240_000);
  const certificates = await SelfSigned.begin();
  const port = await freePort();
  const place = `127.0.0.1:${port}`;
  const begin = async (certificate: string): Promise<ClassCollector> =>
    startCollector(
      ...['--port', String(port), '--database', certificates.database],
      ...(await certificates.certificate(certificate))
    );
  const collector = await begin('first');
  // Whoever looks at the panel leaves the notebook: that is not counted here.
  const server = await startServer({
    settings: { events: { blur: false, focus: false } }
  });
  expect(await server.telemetry('join', collector.join)).toBe(
    `You are joined to class cs1 at ${place}. Restart JupyterLab.\n`
  );
  await server.end();
  await server.resume();

  const asked: string[] = [];
  page.on('request', request => asked.push(new URL(request.url()).host));
  const cells = [code('6 * 7'), code('7 * 8'), code('8 * 9')];
  await server.write('joined.ipynb', flagged(cells, 'joined'));
  const notebook = await NotebookPage.open(page, server, 'joined.ipynb');
  const where = `Your records are sent to your class’s collector at ${place}, by this Jupyter server.`;
  await expect(notebook.namePrompt).toContainText(where);
  await expect(notebook.namePrompt).not.toContainText('PostHog');
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  await expect(notebook.statusItem).toHaveText(
    'ANN-LEE · telemetry on, to your class’s collector'
  );
  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel).toContainText(where);
  const events = (): Promise<string[]> => stored(server, certificates.database);
  await expect.poll(events).toEqual(['session_started', 'cell_executed']);
  const view = await classView(browser, collector.url, collector.instructorKey);
  await view.show('Students');
  await expect(view.row('ANN_LEE')).toBeVisible();
  await expect(view.card('Names are claims')).toBeHidden();
  await view.page.context().close();

  // Somebody else answers there from now on, with the same keys and another certificate.
  await collector.stop();
  const other = await begin('second');
  await notebook.runToEnd(1);
  await expect(panel.getByRole('alert')).toContainText(
    'cannot send to your class’s collector (another certificate is shown than the one in the settings)'
  );
  await expect(panel).toContainText('1 event is waiting to be sent');
  await expect
    .poll(() => health(page))
    .toMatchObject({ relay: { waiting: 1, setAside: 0 } });
  expect(await events()).toHaveLength(2);
  await expect(server.telemetry('join', collector.join)).rejects.toThrow(
    /a holder of another certificate than the line names/
  );

  // With the new line everything arrives that waited.
  await server.telemetry('join', other.join);
  await server.end();
  await server.resume();
  await NotebookPage.open(page, server, 'joined.ipynb');
  await notebook.runToEnd(2);
  await expect
    .poll(async () =>
      (await events()).filter(event => event === 'cell_executed')
    )
    .toHaveLength(3);
  expect(asked).not.toContain(place);
  await certificates.remove();
});

test('JupyterLite sends to a class collector with its key', async ({
  lite,
  page,
  startCollector
}) => {
  const collector = await startCollector();
  const settings = {
    host: collector.url,
    projectKey: collector.classKey,
    events: { blur: false, focus: false }
  };
  const files = { 'lesson.ipynb': scripted([code('6 * 7')], 'lesson') };
  const course = await lite.publish('course', { settings, files });
  const notebook = await NotebookPage.open(page, course, 'lesson.ipynb');
  await expect(notebook.namePrompt).toContainText(
    `Your records are sent to your class’s collector at ${new URL(collector.url).host}.`
  );
  await notebook.enterName('Ann', 'Lee');
  await notebook.runToEnd(0);
  await expect
    .poll(() => stored(collector, collector.database))
    .toEqual(['session_started', 'cell_executed']);
  await expect(notebook.statusItem).toHaveText(
    'ANN-LEE · telemetry on, to your class’s collector'
  );
});

test('the instructor sees names from several computers as claims', async ({
  browser,
  startCollector
}) => {
  const collector = await startCollector();
  const send = async (sender: string, student: string): Promise<void> => {
    const answer = await fetch(`${collector.url}/batch/`, {
      method: 'POST',
      headers: { 'Telemetry-Sender': sender },
      body: JSON.stringify({
        api_key: collector.classKey,
        batch: [
          {
            event: 'session_started',
            distinct_id: student,
            timestamp: new Date().toISOString(),
            properties: {
              notebook: 'D1',
              session_id: crypto.randomUUID(),
              seq: 1
            }
          }
        ]
      })
    });
    expect(answer.status).toBe(200);
  };
  await send('0'.repeat(32), 'ANN_LEE');
  await send('1'.repeat(32), 'ANN_LEE');
  await send('1'.repeat(32), 'BOB_RAY');
  const view = await classView(browser, collector.url, collector.instructorKey);
  await view.show('Students');
  const claims = view.card('Names are claims').getByRole('listitem');
  await expect(claims).toHaveCount(2);
  await expect(
    claims.filter({ hasText: /^ANN_LEE: from 2 computers/ })
  ).toBeVisible();
  await expect(
    claims.filter({ hasText: /^From one computer, .*: ANN_LEE, BOB_RAY; / })
  ).toBeVisible();
  const { violations, passes } = await new AxeBuilder({ page: view.page })
    .include('.jp-cv-Claims')
    .analyze();
  expect(passes.length).toBeGreaterThan(0);
  expect(violations).toEqual([]);
  await view.page.context().close();
});
