import { expect, type Locator, type Page } from '@playwright/test';

/** Open our settings in the Settings Editor, by what they are called in its language. */
export async function openSettings(
  page: Page,
  title = 'Student Telemetry'
): Promise<void> {
  await page.evaluate(
    query =>
      window.jupyterapp.commands
        .execute('settingeditor:open', { query })
        .then(() => undefined),
    title
  );
  await expect(field(page, 'projectKey')).toBeVisible();
}

/** The editor's form ties its labels to no field. */
export function field(page: Page, name: string): Locator {
  return page.locator(`.jp-SettingsForm :is(input, textarea)[id$="_${name}"]`);
}

/** Change a setting in the editor, and wait until the page goes by it. */
export async function change(
  page: Page,
  name: string,
  value: string
): Promise<void> {
  await field(page, name).fill(value);
  await inForce(page, name, value);
}

/** Wait until the page goes by a setting. */
export async function inForce(
  page: Page,
  name: string,
  value: unknown
): Promise<void> {
  await expect
    .poll(() => page.evaluate(readSetting, name), {
      message: `the setting ${name}`,
      // Who clears a field to fill it does so at once.
      intervals: [20]
    })
    .toEqual(value);
}

/** What JupyterLab's registry of settings has for everybody in the page. */
async function readSetting(name: string): Promise<unknown> {
  const app = window.jupyterapp as unknown as {
    _plugins: Map<string, { service: IRegistry }>;
    pluginRegistry?: { _plugins: Map<string, { service: IRegistry }> };
  };
  const { _plugins } = app.pluginRegistry ?? app;
  const registry = _plugins.get('@jupyterlab/apputils-extension:settings');
  const plugin = await registry?.service.get('ipynb-telemetry:plugin', name);
  return plugin?.composite;
}

interface IRegistry {
  get(plugin: string, key: string): Promise<{ composite: unknown }>;
}
