import { expect } from '@playwright/test';
import { flagged, type ICell } from '../../support/cells';
import type { Server } from '../../support/server';
import type { IHealth } from '../../support/telemetry';
import type { IActions, IBrowser, ITab } from './browser';

/** Keys that are no character: https://www.w3.org/TR/webdriver2/#keyboard-actions */
export const KEYS = {
  Control: '\uE009',
  Shift: '\uE008',
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Tab: '\uE004'
} as const;

/** JupyterLab on a busy machine starts for a minute or two. */
const START_MS = 150_000;

/** A flagged notebook in a tab of any browser, as a student uses it. */
export class DrivenLesson {
  /** Writes the notebook, and opens it in a new tab. */
  static async write(
    browser: IBrowser,
    server: Server,
    id: string,
    cells: ICell[]
  ): Promise<DrivenLesson> {
    await server.write(`${id}.ipynb`, flagged(cells));
    return DrivenLesson.open(browser, server, id);
  }

  /** Opens a notebook in a new tab, and waits for its kernel. */
  static async open(
    browser: IBrowser,
    server: Server,
    id: string
  ): Promise<DrivenLesson> {
    const tab = await browser.open();
    const lesson = new DrivenLesson(tab, server, id);
    await tab.goto(server.notebookUrl(`${id}.ipynb`));
    await lesson.idle();
    return lesson;
  }

  constructor(
    readonly tab: ITab,
    readonly server: Server,
    readonly id: string
  ) {}

  /** Wait until something is so in the page. A page that is being left cannot say. */
  async until<A extends unknown[]>(
    what: string,
    check: (...args: A) => unknown,
    ...args: A
  ): Promise<void> {
    const ask = async (): Promise<boolean> =>
      this.tab.evaluate(check, ...args).then(Boolean, () => false);
    await expect
      .poll(ask, { message: what, timeout: START_MS, intervals: [50] })
      .toBe(true);
  }

  /** Leave the page, and wait until another one is there. */
  async leaveBy(leave: (tab: ITab) => Promise<void>): Promise<void> {
    await this.tab.evaluate(() => void Object.assign(window, { isLeft: true }));
    await leave(this.tab);
    await this.until('another page is there', () => !('isLeft' in window));
  }

  /** Wait until the kernel has started and nothing runs or waits to. */
  async idle(): Promise<void> {
    await this.kernelIdle();
    await this.until(`${this.id}: no cell runs`, () =>
      Boolean(
        document.querySelector(
          '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator[data-status=idle]'
        )
      )
    );
  }

  /**
   * Wait until the kernel is there and idle. Where a connection was lost within a Run All,
   * some replies were lost with it, in a notebook without telemetry too: JupyterLab then
   * waits for them forever, and says that the notebook is busy.
   */
  async kernelIdle(): Promise<void> {
    await this.until(`${this.id}: the kernel is idle`, async () => {
      const kernel =
        window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
      if (
        kernel?.connectionStatus === 'connected' &&
        kernel.status === 'unknown'
      ) {
        // After a lost connection JupyterLab asks for the kernel's info alone, whose
        // status it does not heed: it says "Unknown" until something else is asked.
        await kernel.requestHistory({
          hist_access_type: 'tail',
          n: 1,
          output: false,
          raw: true
        });
      }
      return (
        kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
      );
    });
  }

  /** Wait until an element is seen; `text` is all of its text. */
  async see(selector: string, text?: string): Promise<void> {
    await this.until(
      `${selector} “${text ?? ''}” is seen`,
      (query, words) =>
        [...document.querySelectorAll(query)].some(
          element =>
            element.getClientRects().length > 0 &&
            (words === null || element.textContent?.trim() === words)
        ),
      selector,
      text ?? null
    );
  }

  /** Click in the middle of the first such element that is seen. */
  async click(
    selector: string,
    text?: string,
    button: 0 | 2 = 0
  ): Promise<void> {
    await this.see(selector, text);
    const place = await this.tab.evaluate(
      async (query, words) => {
        const found = [...document.querySelectorAll(query)].find(
          candidate =>
            candidate.getClientRects().length > 0 &&
            (words === null || candidate.textContent?.trim() === words)
        )!;
        found.scrollIntoView({ block: 'nearest' });
        // What a scroll renders, it has two frames later.
        await new Promise(resolve => setTimeout(resolve, 50));
        const { left, top, width, height } = found.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      },
      selector,
      text ?? null
    );
    await this.tab.perform([
      {
        type: 'pointer',
        id: 'mouse',
        actions: [
          {
            type: 'pointerMove',
            duration: 0,
            x: Math.round(place.x),
            y: Math.round(place.y)
          },
          { type: 'pointerDown', button },
          { type: 'pointerUp', button }
        ]
      }
    ]);
  }

  /** Press keys one after the other, each while the modifiers are held. */
  async press(...chords: ReadonlyArray<string[]>): Promise<void> {
    const actions = chords.flatMap(chord => [
      ...chord.map(value => ({ type: 'keyDown', value })),
      ...[...chord].reverse().map(value => ({ type: 'keyUp', value }))
    ]);
    const keyboard: IActions = { type: 'key', id: 'keyboard', actions };
    await this.tab.perform([keyboard]);
  }

  async type(text: string): Promise<void> {
    await this.press(...[...text].map(character => [character]));
  }

  /** Fill the name dialog in and start. */
  async enterName(first: string, last: string): Promise<void> {
    await this.see('.jp-Dialog input');
    await this.click('.jp-Dialog input');
    await this.type(first);
    await this.press([KEYS.Tab]);
    await this.type(last);
    await this.press([KEYS.Enter]);
    await this.until(
      'the dialog is gone',
      () => !document.querySelector('.jp-Dialog')
    );
  }

  /** Select a cell in command mode. */
  async select(index: number): Promise<void> {
    await this.click(`${this._cell(index)} .jp-InputPrompt`);
    await this.see(`${this._cell(index)}.jp-mod-active`);
  }

  /** Put the cursor at the end of a cell's source. */
  async edit(index: number): Promise<void> {
    await this.select(index);
    await this.press([KEYS.Enter]);
    await this.see('.jp-Notebook.jp-mod-editMode');
    await this.press([KEYS.Control, KEYS.End]);
  }

  /** Run a cell that was not run before, to its end. */
  async run(index: number): Promise<void> {
    await this.select(index);
    await this.press([KEYS.Control, KEYS.Enter]);
    await this.until(
      `cell ${index} has run`,
      query =>
        /^\[\d+\]:$/.test(document.querySelector(query)?.textContent ?? ''),
      `${this._cell(index)} .jp-InputPrompt`
    );
  }

  /** Choose an item of the main menu. A menu that closed meanwhile is opened again. */
  async menu(top: string, item: string): Promise<void> {
    const look = async (): Promise<string[]> => {
      const labels = await this.tab.evaluate(() =>
        [...document.querySelectorAll('.lm-Menu-itemLabel')]
          .filter(label => label.getClientRects().length > 0)
          .map(label => label.textContent?.trim() ?? '')
      );
      if (labels.length === 0) {
        await this.click('.lm-MenuBar-itemLabel', top);
      }
      return labels;
    };
    await expect
      .poll(() => look().catch(() => []), {
        timeout: START_MS,
        intervals: [50]
      })
      .toContain(item);
    await this.click('.lm-Menu-itemLabel', item);
  }

  /** What the page says of its delivery; null before it has any, or while it is loading. */
  health(): Promise<IHealth | null> {
    return this.tab.evaluate(() => window.telemetry.health).catch(() => null);
  }

  private _cell(index: number): string {
    return `.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell[data-windowed-list-index="${index}"]`;
  }
}
