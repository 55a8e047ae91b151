import { expect, type Locator, type Page } from '@playwright/test';
import type { Server } from './server';

/** JupyterLite on a busy machine reads its scripts for a minute. */
const KERNEL_MS = 120_000;

/** What has notebooks: a server, or a JupyterLite site. */
export interface IPlace {
  /** The address of a notebook in the user interface. */
  notebookUrl(path: string): string;
}

/** A notebook open in JupyterLab, Notebook 7 or JupyterLite, as a student uses it. */
export class NotebookPage<P extends IPlace = Server> {
  /** Opens a notebook by its address; with `kernel: false` it does not wait for the kernel. */
  static async open<P extends IPlace>(
    page: Page,
    server: P,
    path: string,
    { kernel = true } = {}
  ): Promise<NotebookPage<P>> {
    await page.goto(server.notebookUrl(path));
    const notebook = new NotebookPage(page, server, path);
    await expect(notebook.panel).toBeVisible({ timeout: KERNEL_MS });
    if (kernel) {
      await notebook.idle();
    }
    return notebook;
  }

  constructor(
    readonly page: Page,
    readonly server: P,
    readonly path: string
  ) {}

  /** The notebook in the foreground. */
  get panel(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  /** The dialog that asks who is working. */
  get namePrompt(): Locator {
    return this.page.getByRole('dialog').filter({
      has: this.page.getByLabel('First name')
    });
  }

  /** Our item in the status bar. */
  get statusItem(): Locator {
    return this.page
      .locator('.jp-ipynb-telemetry-StatusItem')
      .getByRole('button')
      .first();
  }

  /** The button beside it, which opens the menu of what a student can do. */
  get rightsMenu(): Locator {
    return this.page.getByRole('button', { name: 'Your records' });
  }

  /** The tab of the notebook in the foreground. */
  get tab(): Locator {
    return this.page
      .locator('#jp-main-dock-panel')
      .getByRole('tab', { selected: true });
  }

  /** The cell at a place; only rendered ones count, as in any windowed notebook. */
  cell(index: number): Locator {
    return this.panel.locator(
      `.jp-Notebook-cell[data-windowed-list-index="${index}"]`
    );
  }

  /** The cell at a place, scrolled to: with windowing, one far from what is seen is not rendered. */
  async scrollTo(index: number): Promise<Locator> {
    await this.panel
      .locator('.jp-WindowedPanel-outer')
      .evaluate(async (outer, place) => {
        // What a scroll renders or takes away, it has two frames later.
        const rendered = async (): Promise<Element | null> => {
          await new Promise(resolve => requestAnimationFrame(resolve));
          await new Promise(resolve => requestAnimationFrame(resolve));
          const cell = outer.querySelector(
            `[data-windowed-list-index="${place}"]`
          );
          // JupyterLab 4.2 keeps those that it takes away, and hides them.
          return cell && cell.getClientRects().length > 0 ? cell : null;
        };
        let cell = await rendered();
        while (!cell) {
          const { top, bottom } = outer.getBoundingClientRect();
          const seen = [
            ...outer.querySelectorAll<HTMLElement>('[data-windowed-list-index]')
          ].filter(other => {
            const box = other.getBoundingClientRect();
            return box.bottom > top && box.top < bottom;
          });
          const page = outer.clientHeight;
          if (seen.length === 0) {
            // After a long Run All JupyterLab may show nothing where it has scrolled to.
            outer.scrollBy(0, -page / 2);
          } else {
            // As far as the cells in sight let one guess, and half a page at least.
            const away = place - Number(seen[0].dataset.windowedListIndex);
            const guess = (away * page) / Math.max(seen.length, 4);
            outer.scrollBy(
              0,
              Math.sign(guess) * Math.max(Math.abs(guess), page / 2)
            );
          }
          cell = await rendered();
        }
        // A cell that is rendered out of sight may still be taken away.
        cell.scrollIntoView({ block: 'nearest' });
        await rendered();
      }, index);
    return this.cell(index);
  }

  /** Open another notebook in the same window. */
  async openBeside(path: string): Promise<NotebookPage<P>> {
    // A notebook that is in front already may be closed before a menu's command is
    // done, which then opens the notebook again: this command is waited for.
    await this.execute('docmanager:open', { path });
    await expect(this.tab).toContainText(path.split('/').pop()!);
    const notebook = new NotebookPage(this.page, this.server, path);
    await notebook.idle();
    return notebook;
  }

  /** Wait until the kernel has started and nothing runs or waits to. */
  async idle(): Promise<void> {
    // The indicator in the toolbar says idle also before there is a kernel.
    await this.page.waitForFunction(
      () => {
        const kernel = // A page that is still loading has no application yet.
          (window.jupyterapp as Window['jupyterapp'] | undefined)?.shell
            .currentWidget?.sessionContext?.session?.kernel;
        return (
          kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
        );
      },
      undefined,
      { timeout: KERNEL_MS }
    );
    await expect(
      this.panel.locator('.jp-Notebook-ExecutionIndicator')
    ).toHaveAttribute('data-status', 'idle', { timeout: KERNEL_MS });
  }

  /** Execute a command of the application, as another extension would. */
  async execute(command: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      ([id, json]) =>
        window.jupyterapp.commands
          .execute(id, JSON.parse(json) as object)
          .then(() => undefined),
      [command, JSON.stringify(args)] as const
    );
  }

  /** Fill the name dialog in and start. */
  async enterName(first: string, last: string): Promise<void> {
    const dialog = this.namePrompt;
    await dialog.getByLabel('First name').fill(first);
    await dialog.getByLabel('Last name').fill(last);
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(dialog).toBeHidden();
  }

  /** Say no in the name dialog. */
  async decline(): Promise<void> {
    await this.namePrompt
      .getByRole('button', { name: 'Work without recording' })
      .click();
  }

  /** Have the notebook recorded that was turned on in this page. */
  async preview(): Promise<void> {
    await this.page
      .getByRole('button', { name: 'Preview as a student' })
      .click();
  }

  /** Select a cell in command mode, by a click beside its input. */
  async select(index: number): Promise<void> {
    const cell = this.cell(index);
    await expect(async () => {
      await this.scrollTo(index);
      // JupyterLab scrolls too, to what has just run or grown: then it is sought again.
      await cell.locator('.jp-InputPrompt').first().click({ timeout: 5_000 });
      // An output that comes while the button is down moves the cell away: the click is another's.
      await expect(cell).toHaveClass(/jp-mod-active/, { timeout: 5_000 });
    }).toPass();
    await expect(this.panel.locator('.jp-Notebook')).toHaveClass(
      /jp-mod-commandMode/
    );
  }

  /** Put the cursor at the end of a cell's source. */
  async edit(index: number): Promise<void> {
    await this.select(index);
    await this.page.keyboard.press('Enter');
    await expect(this.panel.locator('.jp-Notebook')).toHaveClass(
      /jp-mod-editMode/
    );
    await this.page.keyboard.press('ControlOrMeta+End');
  }

  /** Run one cell with Ctrl+Enter, without waiting for its end. */
  async run(index: number): Promise<void> {
    await this.select(index);
    await this.page.keyboard.press('ControlOrMeta+Enter');
  }

  /** Run one cell that was not run before, and wait for its end. */
  async runToEnd(index: number): Promise<void> {
    await this.run(index);
    // Not `idle`, which may still be so from before.
    await expect(this.cell(index).locator('.jp-InputPrompt')).toHaveText(
      /^\[\d+\]:$/
    );
  }

  /** Run > Run All Cells, without waiting for the end. */
  async runAll(): Promise<void> {
    await this.menu('Run', 'Run All Cells');
  }

  /**
   * Run all cells, and open a gate when so many are on their way to the kernel: a cell
   * that fails takes along only what the kernel has by then, and a busy page sends slowly.
   */
  async runAllThrough(gate: string, count: number): Promise<void> {
    const sent = await this.page.evaluateHandle(() => {
      const { sessionContext } = window.jupyterapp.shell.currentWidget!;
      const counter = { runs: 0 };
      sessionContext!.session!.kernel!.anyMessage.connect((_, message) => {
        const { direction, msg } = message;
        const isRun = msg.header.msg_type === 'execute_request';
        counter.runs += direction === 'send' && isRun ? 1 : 0;
      });
      return counter;
    });
    await this.runAll();
    await this.page.waitForFunction(
      ([counter, wanted]) => counter.runs >= wanted,
      [sent, count] as const
    );
    // By the page, behind the requests that it has sent.
    await this.page.evaluate(
      path =>
        window.jupyterapp.serviceManager.contents.save(path, {
          type: 'file',
          format: 'text',
          content: ''
        }),
      `${gate}.gate`
    );
  }

  /** Choose an item of the main menu. */
  async menu(...labels: [string, ...string[]]): Promise<void> {
    const [top, ...items] = labels;
    await this.page
      .getByRole('menubar')
      .getByRole('menuitem', { name: top, exact: true })
      .first()
      .click();
    for (const item of items) {
      await this.menuItem(item).click();
    }
  }

  /** An item of a menu that is open. */
  menuItem(label: string): Locator {
    // Its accessible name may carry its shortcut.
    return this.page.locator('.lm-Menu-item:visible').filter({
      has: this.page
        .locator('.lm-Menu-itemLabel')
        .getByText(label, { exact: true })
    });
  }

  /** Run a command of the command palette by its label. */
  async palette(label: string): Promise<void> {
    const input = this.page.locator('.jp-ModalCommandPalette input');
    const item = this.page
      .locator('.jp-ModalCommandPalette .lm-CommandPalette-item')
      .filter({ hasText: label })
      .first();
    // The palette goes with the focus, and draws its list again while it is
    // typed in, under the pointer.
    await expect(async () => {
      if (!(await input.isVisible())) {
        await this.page.keyboard.press('ControlOrMeta+Shift+C');
      }
      await input.fill(label, { timeout: 5_000 });
      await item.click({ timeout: 5_000 });
    }).toPass();
  }

  /** Choose an item of our menu in the toolbar of the notebook in the foreground. */
  async telemetryMenu(item: string): Promise<void> {
    await this.panel
      .last()
      .getByRole('button', { name: 'Student telemetry' })
      .click();
    await this.page
      .locator('.lm-Menu-item:visible')
      .filter({ hasText: item })
      .click();
  }

  /** Save, and wait until that is done. */
  async save(): Promise<void> {
    const saved = this.page.waitForResponse(
      response =>
        response.request().method() === 'PUT' &&
        response.url().includes('/api/contents/')
    );
    await this.panel.focus();
    await this.page.keyboard.press('ControlOrMeta+S');
    await saved;
    // The page is still to read that answer.
    await this.page.waitForFunction(
      () =>
        window.jupyterapp.shell.currentWidget?.context?.model.dirty === false
    );
  }
}
