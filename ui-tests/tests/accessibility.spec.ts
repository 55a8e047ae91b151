import { expectNoViolation } from '../support/accessibility';
import { code, flagged, markdown, plain } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

const DIALOG = '.jp-ipynb-telemetry-Dialog';
const BUTTON = '[data-command="ipynb-telemetry:open-menu"]';
const STATUS = '.jp-ipynb-telemetry-StatusItem';
const PANEL = '#jp-ipynb-telemetry-activity';
// JupyterLab's toolbar gives these attributes to every button.
const OF_TOOLBARS = ['aria-allowed-attr'];

test('axe finds nothing in what a student sees', async ({ page, server }) => {
  test.slow();
  const cells = [
    markdown('<details><summary>Solution</summary>42</details>'),
    code('6 * 7'),
    code('1 / 0')
  ];
  await server.write('axe.ipynb', flagged(cells, 'axe'));
  const notebook = await NotebookPage.open(page, server, 'axe.ipynb');
  const dialog = notebook.namePrompt;
  await expectNoViolation(page, DIALOG);
  await dialog.getByLabel('First name').fill('José');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog).toContainText('write Jose');
  await expectNoViolation(page, DIALOG);
  await expectNoViolation(page, STATUS);
  await notebook.enterName('Jose', 'Lee');
  await expectNoViolation(page, STATUS);
  await expectNoViolation(page, BUTTON, OF_TOOLBARS);

  await notebook.runToEnd(1);
  await notebook.runToEnd(2);
  await notebook.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel).toContainText('Everything is kept');
  await page.keyboard.press('Enter');
  await expect(panel.locator('pre')).toBeVisible();
  await expectNoViolation(page, PANEL);

  await page.route('**/ipynb-telemetry/batch/**', route =>
    route.fulfill({ status: 401, json: {} })
  );
  await notebook.cell(0).locator('summary').click();
  await expect(panel.getByRole('alert')).toContainText('401');
  await expectNoViolation(page, PANEL);
  await expectNoViolation(page, STATUS);

  await notebook.panel.getByRole('button', { name: 'recorded for' }).focus();
  await page.keyboard.press('Enter');
  await expectNoViolation(page, '.lm-Menu');
});

test('axe finds nothing in what a student who signed in is asked', async ({
  page,
  server
}) => {
  await server.configure({ identity: 'jupyter-user' });
  await page.route('**/api/me?*', async route => {
    const response = await route.fetch();
    const me = (await response.json()) as { identity: object };
    const identity = { ...me.identity, username: 'ann.lee', name: 'Ann Lee' };
    await route.fulfill({ response, json: { ...me, identity } });
  });
  await server.write('axe-known.ipynb', flagged([code('1')], 'axe-known'));
  const notebook = await NotebookPage.open(page, server, 'axe-known.ipynb');
  await expect(page.locator(DIALOG)).toContainText('appear as ANN_LEE');
  await expectNoViolation(page, DIALOG);
  await page.getByRole('button', { name: 'Start recording' }).click();
  await expect(notebook.statusItem).toContainText('ANN-LEE');
  await notebook.telemetryMenu('Change Student…');
  await expect(page.locator(DIALOG)).toContainText('Your work is recorded');
  await expectNoViolation(page, DIALOG);
  await server.configure({});
});

test('axe finds nothing in what an instructor sees', async ({
  page,
  server
}) => {
  await server.configure({ projectKey: 'phx_personal' });
  await server.write('axe-off.ipynb', plain([code('1')]));
  const notebook = await NotebookPage.open(page, server, 'axe-off.ipynb');
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('a/b');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('An id has no slash');
  await expectNoViolation(page, DIALOG);
  await dialog.getByRole('textbox').fill('axe');
  await page.keyboard.press('Enter');
  const toast = '.Toastify__toast:has-text("Telemetry is on")';
  await expect(page.locator(toast)).toBeVisible();
  await expectNoViolation(page, '.jp-toastContainer');
  await notebook.preview();
  await notebook.decline();
  await expect(
    page.getByRole('alert').filter({ hasText: 'phx_' })
  ).toBeVisible();
  await expectNoViolation(page, '.jp-toastContainer');
  await expectNoViolation(page, BUTTON, OF_TOOLBARS);
  await server.configure({});
});

test('whoever turns telemetry on is recorded from a preview on, or in the notebook opened anew', async ({
  page,
  server
}) => {
  await server.write('handed.ipynb', plain([code('"own"'), code('"student"')]));
  const notebook = await NotebookPage.open(page, server, 'handed.ipynb');
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await page.getByRole('button', { name: 'Turn On' }).click();
  const state = notebook.panel.getByRole('button', {
    name: 'Student telemetry'
  });
  await expect(state).toHaveAccessibleName(
    'Student telemetry: on for students, not recorded here'
  );
  await notebook.runToEnd(0);
  await expect(notebook.namePrompt).toBeHidden();
  await notebook.save();
  await notebook.preview();
  await notebook.enterName('Pre', 'View');
  await expect(state).toHaveAccessibleName(
    'Student telemetry: recorded for PRE-VIEW'
  );
  await notebook.runToEnd(1);
  await expect
    .poll(async () =>
      (await server.events({ notebook: 'handed' })).map(
        ({ event, properties }) => [event, properties.execution_count]
      )
    )
    .toEqual([
      ['session_started', undefined],
      ['cell_executed', 2]
    ]);

  // The menu gives the focus back.
  await state.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.lm-Menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(state).toBeFocused();

  // Opened anew, the notebook is a student's.
  await page.evaluate(() => localStorage.clear());
  await page.goto(server.notebookUrl('handed.ipynb'));
  await expect(notebook.namePrompt).toBeVisible();
});

test('status and button follow the notebook in front', async ({
  page,
  server
}) => {
  await server.write('followed.ipynb', flagged([code('1')], 'followed'));
  await server.write('front-plain.ipynb', plain([code('1')]));
  const notebook = await NotebookPage.open(page, server, 'followed.ipynb');
  await notebook.enterName('Fol', 'Lowed');
  const on = 'FOL-LOWED · telemetry on, kept on this computer';
  await expect(notebook.statusItem).toHaveText(on);
  const beside = await notebook.openBeside('front-plain.ipynb');
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await expect(
    beside.panel.getByRole('button', { name: 'Student telemetry' })
  ).toHaveAccessibleName('Student telemetry: not recorded');
  await notebook.openBeside('followed.ipynb');
  await expect(notebook.statusItem).toHaveText(on);

  // From the palette into the panel, and back.
  await notebook.palette('Show Recorded Activity');
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  const newest = panel.getByRole('listitem').first().getByRole('button');
  await expect(newest).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(newest).not.toBeFocused();
});
