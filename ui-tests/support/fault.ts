import { expect, type Page } from '@playwright/test';
import { code, type ICell } from './cells';
import type { PostHogHost } from './posthoghost';
import type { Server } from './server';
import { health } from './telemetry';

/** The key of every project here. */
export const PROJECT_KEY = 'phc_uiTests0123456789';

/** From now on, pages of the server deliver to a PostHog. */
export function deliverTo(host: PostHogHost, server: Server): Promise<void> {
  return server.configure({ projectKey: PROJECT_KEY, host: host.origin });
}

/** Cells that each take their time, so that Run All spreads them over a fault. */
export function paced(count: number, ms: number): ICell[] {
  return Array.from({ length: count }, (_, index) =>
    code(`import time\ntime.sleep(${ms / 1000})\n${index}`)
  );
}

/** From now on the host takes nothing, and asks to be left alone for an hour. */
export function askForPause(host: PostHogHost): void {
  host.status = 503;
  host.headers = {
    'Retry-After': '3600',
    // Else a page may not read it, and the pauses are of our own length.
    'Access-Control-Expose-Headers': 'Retry-After'
  };
}

/** From now on the host takes everything, which no page knows. */
export function endPause(host: PostHogHost): void {
  host.status = 200;
  host.headers = {};
}

/**
 * Wait until a page pauses, for longer than any test takes.
 *
 * @returns when it is to try again, by itself
 */
export async function paused(page: Page): Promise<number> {
  let due = 0;
  await expect
    .poll(async () => {
      due = Date.parse((await health(page))?.nextAttempt ?? '');
      return due - Date.now() || 0;
    })
    .toBeGreaterThan(3_000_000);
  return due;
}

/** How long a fault lasts is part of the fault: nothing else is waited for by the clock. */
export function lasting(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** Close what JupyterLab itself says of a lost connection, whenever it does. */
export async function dismissErrors(page: Page): Promise<void> {
  await page.addLocatorHandler(
    page
      .locator('.jp-Dialog:not(.jp-ipynb-telemetry-Dialog)')
      .filter({ hasText: /connection|error/i }),
    dialog => dialog.getByRole('button').last().click()
  );
}
