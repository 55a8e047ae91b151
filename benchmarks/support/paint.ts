import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** When the body of the latest answer of each address was there (`performance.now`). */
    arrivals: Map<string, number>;
    /** Gives the moment at which what a selector finds has been painted. */
    painted: (selector: string) => Promise<number>;
  }
}

/** Have the pages that are opened from now on tell when answers arrive and are painted. */
export async function watchPaint(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.arrivals = new Map();
    Response.prototype.json = async function (this: Response) {
      const text = await this.text();
      window.arrivals.set(new URL(this.url).pathname, performance.now());
      return JSON.parse(text) as unknown;
    };
    window.painted = selector =>
      new Promise(resolve => {
        const look = (): void => {
          if (document.querySelector(selector)) {
            observer.disconnect();
            // The message comes behind the frame that the callback belongs to.
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now());
              port2.postMessage(null);
            });
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document, {
          subtree: true,
          childList: true,
          attributeFilter: ['aria-label']
        });
        look();
      });
  });
}

/**
 * How long the page took from the arrival of an answer until what it told was painted.
 *
 * @param path - of the answer's address
 * @param selector - finds nothing before
 */
export function fromAnswerToPaint(
  page: Page,
  path: string,
  selector: string
): Promise<number> {
  return page.evaluate(
    async ([path, selector]) => {
      const painted = await window.painted(selector);
      return painted - window.arrivals.get(path)!;
    },
    [path, selector] as const
  );
}
