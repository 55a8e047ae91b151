// The interface in other languages: with JupyterLab's language packs, and on the class view's page.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import type { IServerOptions, Server } from '../support/server';
import { openSettings } from '../support/settings';

type Words = (english: string, ...values: string[]) => string;

/** What strings are in a language, by the catalogue that we ship. */
function wordsOf(language: string): Words {
  const root = resolve(__dirname, '..', '..', 'ipynb_telemetry', 'locale');
  const catalogue = JSON.parse(
    readFileSync(
      join(root, language, 'LC_MESSAGES', 'ipynb_telemetry.json'),
      'utf8'
    )
  ) as Record<string, string[]>;
  return (english, ...values) =>
    values.reduce(
      (text, value, index) => text.replace(`%${index + 1}`, value),
      catalogue[english][0]
    );
}

/** A server whose JupyterLab speaks a language to everybody. */
const speaking = (language: string, theme = 'Light'): IServerOptions => ({
  overrides: {
    '@jupyterlab/translation-extension:plugin': { locale: language },
    '@jupyterlab/apputils-extension:themes': { theme: `JupyterLab ${theme}` }
  }
});

/** Opens a flagged notebook, and gives the name that its dialog asks for. */
async function begin(
  page: Page,
  server: Server,
  id: string,
  say: Words
): Promise<NotebookPage> {
  await server.write(`${id}.ipynb`, flagged([code('6 * 7')], id));
  const notebook = await NotebookPage.open(page, server, `${id}.ipynb`);
  const dialog = page
    .getByRole('dialog')
    .filter({ has: page.getByLabel(say('First name'), { exact: true }) });
  await dialog.getByLabel(say('First name'), { exact: true }).fill('Ann');
  await dialog.getByLabel(say('Last name'), { exact: true }).fill('Lee');
  await dialog.getByRole('button', { name: say('Start recording') }).click();
  await expect(dialog).toBeHidden();
  await expect(notebook.statusItem).toHaveText(
    say('%1 · telemetry on, kept on this computer', 'ANN-LEE')
  );
  return notebook;
}

for (const [language, title] of [
  ['de_DE', 'Lerntelemetrie'],
  ['es_ES', 'Telemetría de aprendizaje'],
  ['fr_FR', 'Télémétrie d’apprentissage']
]) {
  test(`dialog, status item, panel and settings speak ${language}`, async ({
    page,
    startServer
  }) => {
    const say = wordsOf(language);
    const server = await startServer(speaking(language));
    const notebook = await begin(page, server, `speaks-${language}`, say);
    await notebook.runToEnd(0);
    await notebook.statusItem.click();
    const panel = page.getByRole('region', { name: say('Recorded activity') });
    await expect(panel.getByRole('listitem')).toContainText([
      say('Ran cell %1', '[1]'),
      say('Started working')
    ]);
    await expect(panel).toHaveCSS('direction', 'ltr');

    await openSettings(page, title);
    const editor = page.locator('.jp-SettingsPanel');
    await expect(editor).toContainText(title);
    await expect(editor).toContainText(say('settings\u0004Project key'));
    await expect(editor).toContainText(say('settings\u0004A cell is run'));
  });
}

/** Where something lies, from the left of the window. */
const leftOf = async (target: Locator): Promise<number> =>
  (await target.boundingBox())!.x;

for (const theme of ['Light', 'Dark']) {
  test(`in Arabic everything of ours runs from right to left, ${theme}`, async ({
    page,
    startServer
  }) => {
    const say = wordsOf('ar_SA');
    const server = await startServer(speaking('ar_SA', theme));
    const id = `arabic-${theme}`;
    const cells = [code("print('x' * 3)\n1 / 0")];
    await server.write(`${id}.ipynb`, flagged(cells, id));
    const notebook = await NotebookPage.open(page, server, `${id}.ipynb`);

    const dialog = page
      .getByRole('dialog')
      .filter({ has: page.getByLabel(say('First name'), { exact: true }) });
    await expect(dialog).toHaveCSS('direction', 'rtl');
    const first = dialog.getByLabel(say('First name'), { exact: true });
    await expect(first).toBeFocused();
    // The button that goes on is the last to be read: on the left.
    const accept = dialog.getByRole('button', { name: say('Start recording') });
    const refuse = dialog.getByRole('button', {
      name: say('Work without recording')
    });
    const { x, width } = (await accept.boundingBox())!;
    expect(await leftOf(refuse)).toBeGreaterThan(x + width + 4);
    await first.fill('Ann');
    await dialog.getByLabel(say('Last name'), { exact: true }).fill('Lee');
    await accept.click();

    const status = notebook.statusItem;
    await expect(status).toHaveText(
      say('%1 · telemetry on, kept on this computer', 'ANN-LEE')
    );
    await expect(status).toHaveCSS('direction', 'rtl');
    expect(await leftOf(status.locator('svg'))).toBeGreaterThan(
      await leftOf(status.locator('span').last())
    );

    await notebook.runToEnd(0);
    await status.click();
    const panel = page.getByRole('region', { name: say('Recorded activity') });
    const row = panel.getByRole('listitem').first();
    await expect(row).toContainText(
      say('Ran cell %1: %2', '[1]', 'ZeroDivisionError')
    );
    const opener = row.getByRole('button');
    await expect(opener).toHaveCSS('direction', 'rtl');
    await expect(opener).toHaveCSS('border-right-width', '3px');
    await expect(opener).toHaveCSS('border-left-width', '0px');
    await opener.click();
    await expect(row.locator('pre').first()).toHaveCSS('direction', 'ltr');
    // JupyterLab itself stays as it is.
    await expect(notebook.panel).toHaveCSS('direction', 'ltr');
  });
}

test('a language without our words, or without its pack, is English', async ({
  page,
  startServer
}) => {
  const server = await startServer(speaking('it_IT'));
  const notebook = await begin(page, server, 'no-pack', (english, ...values) =>
    values.reduce(
      (text, value, index) => text.replace(`%${index + 1}`, value),
      english
    )
  );
  await expect(notebook.statusItem).toHaveCSS('direction', 'ltr');
});

for (const [language, words] of [
  ['de-AT', 'de_DE'],
  ['ar', 'ar_SA']
]) {
  test.describe(`a browser in ${language}`, () => {
    test.use({ locale: language });

    test('reads the class view’s own page in its language', async ({
      page,
      server
    }) => {
      const say = wordsOf(words);
      await page.goto(
        `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}`
      );
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        say('Class View')
      );
      await expect(page).toHaveTitle(say('Class View'));
      await expect(
        page.getByRole('tab', { name: say('Progress') })
      ).toBeVisible();
      await expect(page.getByRole('tablist')).toHaveCSS(
        'direction',
        words === 'ar_SA' ? 'rtl' : 'ltr'
      );
    });
  });
}
