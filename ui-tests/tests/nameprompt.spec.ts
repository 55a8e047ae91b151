import type { Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';

/** The words in which a name is refused, and the start of the notice. */
const LETTERS = 'English letters, spaces and hyphens only';
const NOTICE = 'Your course records';

test('the dialog says by each field what is wrong, and Enter starts', async ({
  page,
  server
}) => {
  await server.write('names.ipynb', flagged([code('STUDENT_NAME')], 'names'));
  const notebook = await NotebookPage.open(page, server, 'names.ipynb', {
    kernel: false
  });
  const dialog = notebook.namePrompt;
  const first = dialog.getByRole('textbox', { name: 'First name' });
  const last = dialog.getByRole('textbox', { name: 'Last name' });
  const start = dialog.getByRole('button', { name: 'Start' });

  // What is consented to is heard with the field that has the focus, and once.
  await expect(first).toBeFocused();
  await expect(first).toHaveAccessibleDescription(new RegExp(`^${NOTICE}`));
  await expect(last).toHaveAccessibleDescription('');
  await expect(dialog).toContainText('Your course records what you do');
  await expect(dialog).toContainText('Your records stay on this computer.');
  await expect(dialog).toContainText('You can also work without recording');

  // The Tab key goes round, either way.
  const decline = dialog.getByRole('button', { name: 'Work without' });
  const round = [last, decline, start, first];
  for (const stop of round) {
    await page.keyboard.press('Tab');
    await expect(stop).toBeFocused();
  }
  for (const stop of [start, decline, last, first]) {
    await page.keyboard.press('Shift+Tab');
    await expect(stop).toBeFocused();
  }

  // Nobody is told off while they type; Enter says what is missing.
  await page.keyboard.type('Jo3');
  await expect(first).toHaveAttribute('aria-invalid', 'false');
  await page.keyboard.press('Enter');
  await expect(first).toHaveAttribute('aria-invalid', 'true');
  await expect(first).toHaveAccessibleDescription(
    new RegExp(`^${LETTERS} ${NOTICE}`)
  );
  await expect(last).toHaveAccessibleDescription(/^Both names are required/);
  for (const [text, words] of [
    ['José', `${LETTERS}: write Jose`],
    ['Иван', LETTERS],
    ["O'Neil", `${LETTERS}: write ONeil`],
    ['J', 'At least two letters'],
    [' - ', 'At least two letters'],
    ['   ', 'Both names are required'],
    ['', 'Both names are required']
  ]) {
    await first.fill(text);
    await last.fill('Doe');
    await expect(first).toHaveAccessibleDescription(
      new RegExp(`^${words} ${NOTICE}`)
    );
    await expect(last).toHaveAttribute('aria-invalid', 'false');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeVisible();
    await expect(first).toBeFocused();
  }

  await first.fill('  anna   maria ');
  await expect(first).toHaveAttribute('aria-invalid', 'false');
  await last.fill('');
  await start.click();
  await expect(last).toBeFocused();
  await expect(last).toHaveAccessibleDescription('Both names are required');
  await last.fill('lee-smith');
  await expect(last).toHaveAccessibleDescription(
    'You will appear as ANNA MARIA_LEE-SMITH'
  );
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(notebook.statusItem).toHaveText(
    'ANNA MARIA-LEE-SMITH · telemetry on, kept on this computer'
  );

  await expect(notebook.statusItem).toHaveAccessibleName(
    'ANNA MARIA-LEE-SMITH · telemetry on, kept on this computer'
  );
  await expect(
    page.getByRole('status').filter({ hasText: 'ANNA MARIA' })
  ).toHaveCount(1);

  await notebook.idle();
  await notebook.run(0);
  const student = 'ANNA MARIA_LEE-SMITH';
  await expect(notebook.cell(0)).toContainText("'ANNA MARIA-LEE-SMITH'");
  const events = await waitForEvents(server, ({ length }) => length === 2, {
    notebook: 'names'
  });
  expect(events.map(({ event }) => event)).toEqual([
    'session_started',
    'cell_executed'
  ]);
  for (const { distinct_id, properties } of events) {
    expect([distinct_id, properties.student_id]).toEqual([student, student]);
  }
});

test('after Cancel nothing is tracked, the status bar says so and asks again', async ({
  page,
  server
}) => {
  const cells = [code('print("ran", STUDENT_ID)')];
  await server.write('cancel.ipynb', flagged(cells, 'cancel'));
  await server.write('cancel-2.ipynb', flagged(cells, 'cancel-2'));
  const notebook = await NotebookPage.open(page, server, 'cancel.ipynb');
  await notebook.decline();
  await expect(notebook.statusItem).toHaveText('Not recorded');
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText('ran None');
  // Whoever declined is not asked again by the next notebook.
  const second = await notebook.openBeside('cancel-2.ipynb');
  await expect(notebook.namePrompt).toBeHidden();

  await second.statusItem.click();
  await expect(second.namePrompt).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(second.namePrompt).toBeHidden();
  await second.statusItem.click();
  await second.enterName('Second', 'Thoughts');
  await second.run(0);
  await expect(second.cell(0)).toContainText('ran SECOND_THOUGHTS');

  const both = await waitForEvents(
    server,
    events => events.some(({ event }) => event === 'cell_executed'),
    { student: 'SECOND_THOUGHTS' }
  );
  expect(
    both.map(({ event, properties }) => [event, properties.notebook])
  ).toEqual([
    ['session_started', 'cancel'],
    ['session_started', 'cancel-2'],
    ['cell_executed', 'cancel-2']
  ]);
  expect(await server.events({ notebook: 'cancel' })).toHaveLength(1);
});

test('the focus stays where the student types while the page is busy', async ({
  page,
  server
}) => {
  await server.write('busy.ipynb', flagged([code('1')], 'busy'));
  const notebook = await NotebookPage.open(page, server, 'busy.ipynb');
  await notebook.decline();
  // Never idle, as a page is that loads a kernel of its own.
  const busy = await page.evaluateHandle(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => port2.postMessage(null);
    port2.postMessage(null);
    return port1;
  });
  await notebook.statusItem.click();
  const dialog = notebook.namePrompt;
  await expect(dialog.getByLabel('First name')).toBeFocused();
  await page.keyboard.type('Anna');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Le');
  await busy.evaluate(async port => {
    port.close();
    await new Promise(resolve => requestIdleCallback(resolve));
  });
  // Nor does a notebook take it that is put in front behind the dialog.
  await page.evaluate(() =>
    document.querySelector<HTMLElement>('.jp-Notebook')!.focus()
  );
  await page.keyboard.type('e');
  await page.keyboard.press('Enter');
  await expect(notebook.statusItem).toHaveText(
    'ANNA-LEE · telemetry on, kept on this computer'
  );
});

test('several flagged notebooks opening at once raise one dialog', async ({
  page,
  server
}) => {
  const paths = ['once/a.ipynb', 'once/b.ipynb', 'once/c.ipynb'];
  const widgets = paths.map(path => `notebook:${path}`);
  for (const path of paths) {
    await server.write(path, flagged([code('1')], path.slice(5, 6)));
  }
  const tabs = (names: string[]) => ({
    type: 'tab-area',
    currentIndex: 0,
    widgets: names
  });
  const workspace = {
    'layout-restorer:data': {
      main: {
        dock: {
          type: 'split-area',
          orientation: 'horizontal',
          sizes: [0.5, 0.5],
          children: [tabs(widgets.slice(0, 2)), tabs(widgets.slice(2))]
        },
        current: widgets[0]
      }
    },
    ...Object.fromEntries(
      paths.map(path => [
        `notebook:${path}`,
        { data: { path, factory: 'Notebook' } }
      ])
    )
  };
  await server.fetch('lab/api/workspaces/once', {
    method: 'PUT',
    body: JSON.stringify({ data: workspace, metadata: { id: 'once' } })
  });

  await page.goto(`${server.baseUrl}lab/workspaces/once?token=${server.token}`);
  const notebook = new NotebookPage(page, server, paths[0]);
  await expect(notebook.namePrompt).toBeVisible();
  await expect(page.getByRole('tab', { name: /^[abc]\.ipynb$/ })).toHaveCount(
    3
  );
  await expect(page.getByRole('dialog')).toHaveCount(1);
  await notebook.enterName('Only', 'Once');
  const events = await waitForEvents(server, ({ length }) => length === 3, {
    student: 'ONLY_ONCE',
    type: 'session_started'
  });
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(
    events.map(({ event, properties }) => [event, properties.notebook])
  ).toEqual(
    expect.arrayContaining([
      ['session_started', 'a'],
      ['session_started', 'b'],
      ['session_started', 'c']
    ])
  );
});

test('a name given in one tab of the browser answers the question in another', async ({
  context,
  page,
  server
}) => {
  const cells = [code('STUDENT_ID')];
  await server.write('asked-a.ipynb', flagged(cells));
  await server.write('asked-b.ipynb', flagged(cells));
  const ask = (tab: Page, path: string): Promise<NotebookPage> =>
    NotebookPage.open(tab, server, path, { kernel: false });
  const first = await ask(page, 'asked-a.ipynb');
  const second = await ask(await context.newPage(), 'asked-b.ipynb');
  await expect(second.namePrompt).toBeVisible();

  await page.bringToFront();
  await first.enterName('Asked', 'Once');
  await expect(second.namePrompt).toBeHidden();
  await expect(second.statusItem).toHaveText(
    'ASKED-ONCE · telemetry on, kept on this computer'
  );
});
