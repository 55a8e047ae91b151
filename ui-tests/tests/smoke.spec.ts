import { code, plain } from '../support/cells';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

test('JupyterLab opens with the extension and no complaint about it', async ({
  page,
  server
}) => {
  const said = listenToConsole(page, 'error', 'warning');
  const fetched: string[] = [];
  page.on('response', response => {
    if (response.ok()) {
      fetched.push(new URL(response.url()).pathname);
    }
  });
  await server.write('smoke.ipynb', plain([code('6 * 7')]));

  const notebook = await NotebookPage.open(page, server, 'smoke.ipynb');
  await notebook.run(0);

  await expect(notebook.cell(0).locator('.jp-OutputArea-output')).toHaveText(
    '42'
  );
  expect(fetched).toContainEqual(
    expect.stringMatching(/ipynb-telemetry\/static\/remoteEntry\.\w+\.js$/)
  );
  expect(said.filter(text => /ipynb.telemetry/i.test(text))).toEqual([]);
});
