import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const THEMES = ['JupyterLab Light', 'JupyterLab Dark'];

/**
 * Fail when axe finds anything in a part of the page, in either theme.
 *
 * @param ofJupyterLab - rules that JupyterLab itself breaks there
 */
export async function expectNoViolation(
  page: Page,
  part: string,
  ofJupyterLab: string[] = []
): Promise<void> {
  await expect(page.locator(part).first()).toBeVisible();
  for (const theme of THEMES) {
    await page.evaluate(
      name =>
        window.jupyterapp.commands
          .execute('apputils:change-theme', { theme: name })
          .then(() => undefined),
      theme
    );
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      theme
    );
    // A page of axe's own would take the notebook out of sight.
    const { violations, passes } = await new AxeBuilder({ page })
      .include(part)
      .disableRules(ofJupyterLab)
      .setLegacyMode()
      .analyze();
    expect(passes.length).toBeGreaterThan(0);
    expect(
      violations.map(({ id, nodes }) => [theme, id, nodes[0].html])
    ).toEqual([]);
  }
}
