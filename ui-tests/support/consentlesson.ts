import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { code, flagged } from './cells';
import type { NotebookPage } from './notebook';
import { bodyOf } from './requestbody';

/** A lesson whose only cell prints a text that is nowhere in its code. */
export const FILES = {
  'lesson.ipynb': flagged([code('print("marker-" + str(6 * 7))')], 'lesson')
};

/** The bodies of all requests that may carry an event or a name, as they leave the page. */
export function bodiesOf(page: Page): string[] {
  const bodies: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/ipynb-telemetry/')) {
      bodies.push(`${request.url()} ${bodyOf(request)}`);
    }
  });
  return bodies;
}

/** Run the cell, and see that it ran. */
export async function run(notebook: NotebookPage): Promise<void> {
  await notebook.idle();
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText('marker-42');
}
