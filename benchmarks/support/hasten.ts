import type { Page } from '@playwright/test';

/** How many times as fast time goes. */
const SPEED = 100;

/** Have the page's timers and its clock go faster. */
export async function hasten(page: Page): Promise<void> {
  await page.addInitScript(speed => {
    const now = Date.now;
    const began = now();
    Date.now = () => began + (now() - began) * speed;
    for (const name of ['setTimeout', 'setInterval'] as const) {
      const wait = window[name] as (...given: unknown[]) => number;
      const faster = (run: unknown, ms = 0, ...given: unknown[]): number =>
        wait.call(window, run, ms / speed, ...given);
      Object.assign(window, { [name]: faster });
    }
  }, SPEED);
}
