import type { Browser, CDPSession, Page } from '@playwright/test';
import { NotebookPage } from '../../ui-tests/support/notebook';
import type { Server } from '../../ui-tests/support/server';

/** The part of the application that ends kernels. */
interface IApplication {
  serviceManager: { sessions: { shutdownAll(): Promise<void> } };
}

/** What the main thread of a page worked at, in milliseconds of processor time. */
export interface IMainThread {
  /** All of it. */
  readonly tasks: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
  /** Paint, messages from other processes, garbage, the browser's own tasks. */
  readonly rest: number;
}

/** A page with nothing stored, whose main thread can be asked how long it was at work. */
export class Lab {
  static async open(browser: Browser): Promise<Lab> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    return new Lab(page, client);
  }

  private constructor(
    readonly page: Page,
    readonly client: CDPSession
  ) {}

  /** Open a notebook, as Ann Lee if it asks who is working. */
  async notebook(
    server: Server,
    path: string,
    { isFlagged = false } = {}
  ): Promise<NotebookPage> {
    const notebook = await NotebookPage.open(this.page, server, path);
    if (isFlagged) {
      await notebook.enterName('Ann', 'Lee');
    }
    return notebook;
  }

  /** Wait until the notebook at work has its kernel, however many there are to be seen. */
  async connected(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { currentWidget } = window.jupyterapp.shell;
      const kernel = currentWidget?.sessionContext?.session?.kernel;
      return (
        kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
      );
    });
  }

  /**
   * Main-thread time of the page so far, in milliseconds. It is processor time:
   * what else runs on the machine does not count.
   */
  async taskTime(): Promise<number> {
    return (await this.mainThread()).tasks;
  }

  /** The same, by what the main thread worked at. */
  async mainThread(): Promise<IMainThread> {
    if (!this._isCounting) {
      this._isCounting = true;
      await this.client.send('Performance.enable', {
        timeDomain: 'threadTicks'
      });
    }
    const { metrics } = await this.client.send('Performance.getMetrics');
    const ms = (metric: string): number =>
      metrics.find(({ name }) => name === metric)!.value * 1000;
    const tasks = ms('TaskDuration');
    const script = ms('ScriptDuration');
    const style = ms('RecalcStyleDuration');
    const layout = ms('LayoutDuration');
    return {
      tasks,
      script,
      style,
      layout,
      rest: tasks - script - style - layout
    };
  }

  /** Shut the kernels of the server down. */
  async endKernels(): Promise<void> {
    await this.page.evaluate(() => {
      const app = window.jupyterapp as unknown as IApplication;
      return app.serviceManager.sessions.shutdownAll();
    });
  }

  /** Shut the kernels down and close the page. */
  async close(): Promise<void> {
    await this.endKernels();
    await this.page.context().close();
  }

  private _isCounting = false;
}
