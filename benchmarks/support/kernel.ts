import type { Page } from '@playwright/test';

interface IKernel {
  requestExecute(content: { code: string; store_history: boolean }): {
    onIOPub: (message: {
      content: { name?: string; text?: string; evalue?: string };
    }) => void;
    done: Promise<{ content: { status: string; evalue?: string } }>;
  };
}

/** Run code in the kernel of the notebook in the foreground, and read the JSON it prints. */
export async function askKernel<T>(page: Page, code: string): Promise<T> {
  const printed = await page.evaluate(async source => {
    const kernel = window.jupyterapp.shell.currentWidget!.sessionContext!
      .session!.kernel as unknown as IKernel;
    const future = kernel.requestExecute({
      code: source,
      store_history: false
    });
    let text = '';
    future.onIOPub = ({ content }) => {
      text += content.name === 'stdout' ? content.text : '';
    };
    const { content } = await future.done;
    if (content.status !== 'ok') {
      throw new Error(`The kernel says ${content.evalue}.`);
    }
    return text;
  }, code);
  return JSON.parse(printed) as T;
}
