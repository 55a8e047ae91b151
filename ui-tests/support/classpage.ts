import { expect, type Locator, type Page } from '@playwright/test';
import type { Server } from './server';

/** The class view on a page of its own, as an instructor uses it. */
export class ClassPage {
  /**
   * Opens the view.
   *
   * @param address - the part of a link behind `#`, such as `progress?in=D1`
   */
  static async open(
    page: Page,
    server: Server,
    address = ''
  ): Promise<ClassPage> {
    // From a link to another: the same document would not be loaded again.
    await page.goto('about:blank');
    await page.goto(
      `${server.baseUrl}ipynb-telemetry/class/?token=${server.token}#${address}`
    );
    const view = new ClassPage(page);
    await expect(view.freshness).toContainText(/updated|as it was at/);
    return view;
  }

  constructor(readonly page: Page) {}

  /** How often something was clicked since the view was opened. */
  clicks = 0;

  get freshness(): Locator {
    return this.page.locator('.jp-cv-Freshness');
  }

  get grid(): Locator {
    return this.page.getByRole('grid').first();
  }

  /** What was opened beside a view. */
  get opened(): Locator {
    return this.card('Opened');
  }

  /** What the views are filtered by. */
  filter(name: string): Locator {
    return this.page.getByRole('combobox', { name, exact: true });
  }

  /** A part of the view that has a name. */
  card(name: string): Locator {
    return this.page.getByRole('region', { name });
  }

  /** A tab of the view. */
  tab(name: string): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** Go to a view. */
  async show(tab: string): Promise<void> {
    await this.click(this.tab(tab));
    await expect(this.tab(tab)).toHaveAttribute('aria-selected', 'true');
  }

  /** Click, and count it. */
  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  /** The row of somebody, or of an exercise, by how it begins. */
  row(name: string): Locator {
    return this.grid
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name }) });
  }

  /** The cell of a row, by the title of its column. */
  async cell(name: string, column: string): Promise<Locator> {
    const head = this.grid.getByRole('columnheader', {
      name: column,
      exact: true
    });
    const place = await head.getAttribute('aria-colindex');
    return this.row(name).locator(`[aria-colindex="${place}"]`);
  }
}
