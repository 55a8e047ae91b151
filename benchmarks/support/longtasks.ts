import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Durations of the tasks over 50 ms, in milliseconds by the clock. */
    longTasks: number[];
  }
}

/** Keep the long tasks of the pages that are opened from now on. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver(list => {
      window.longTasks.push(...list.getEntries().map(entry => entry.duration));
    }).observe({ type: 'longtask', buffered: true });
  });
}

export function longTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => window.longTasks);
}
