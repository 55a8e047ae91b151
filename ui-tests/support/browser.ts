import type { BrowserContext, Page } from '@playwright/test';

/**
 * End a browser with all its processes at once, as a power cut does: no page
 * hears of it.
 */
export async function killBrowser(context: BrowserContext): Promise<void> {
  const cdp = await context.browser()!.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const gone = context.waitForEvent('close');
  for (const { id } of processInfo) {
    try {
      process.kill(id, 'SIGKILL');
    } catch (error) {
      // The process went with another that was killed before.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error;
      }
    }
  }
  await gone;
}

/**
 * The page that holds the lock under which events are sent.
 *
 * @throws when none of them holds it
 */
export async function leaderOf(pages: ReadonlyArray<Page>): Promise<Page> {
  for (const page of pages) {
    const isLeader = await page.evaluate(async () => {
      // A lock of this page's own tells by which id the browser knows the page.
      const name = `who-${Math.random()}`;
      return navigator.locks.request(name, async () => {
        const { held = [] } = await navigator.locks.query();
        const self = held.find(lock => lock.name === name)?.clientId;
        return held.some(
          lock =>
            lock.name?.startsWith('ipynb-telemetry:') && lock.clientId === self
        );
      });
    });
    if (isLeader) {
      return page;
    }
  }
  throw new Error('No page sends.');
}

/** End a page's process: it does not hear of it either. */
export async function crash(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // Nobody is left to answer.
  cdp.send('Page.crash').catch(() => undefined);
  await crashed;
}
