import type { Page } from '@playwright/test';

/** Collect what the page's console says at some levels, from now on. */
export function listenToConsole(page: Page, ...levels: string[]): string[] {
  const said: string[] = [];
  page.on('console', message => {
    if (levels.includes(message.type())) {
      said.push(message.text());
    }
  });
  page.on('pageerror', error => said.push(error.stack ?? String(error)));
  return said;
}
