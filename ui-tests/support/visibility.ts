import type { Frame, Page } from '@playwright/test';

/** What a browser tells when another tab or window is chosen; a headless one never does. */
export async function show(
  page: Page | Frame,
  { hidden, focused }: { hidden: boolean; focused: boolean }
): Promise<void> {
  await page.evaluate(
    ([hidden, focused]) => {
      const changed = hidden !== document.hidden;
      Object.defineProperty(document, 'hidden', {
        configurable: true,
        value: hidden
      });
      document.hasFocus = () => focused;
      window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
      if (changed) {
        document.dispatchEvent(new Event('visibilitychange'));
      }
    },
    [hidden, focused] as const
  );
}
