import type { Page } from '@playwright/test';

interface ISharedModule {
  get(): Promise<() => { NotebookActions: INotebookActions }>;
}

interface INotebookActions {
  executionScheduled: { emit(args: object): void };
  executed: { emit(args: object): void; connect(slot: () => void): void };
}

declare global {
  interface Window {
    /** Modules that JupyterLab shares with extensions, by name and version. */
    sharedScope: Record<string, Record<string, ISharedModule>>;
  }
}

/**
 * Make the modules of JupyterLab reachable, for the pages opened from now on:
 * the scope it hands to each extension is kept.
 */
export async function keepSharedScope(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const extensions = new Proxy<
      Record<string, { init(scope: unknown): unknown; get: unknown }>
    >(
      {},
      {
        set: (target, name, container: (typeof target)[string]) => {
          target[name as string] = {
            get: container.get,
            init: scope => {
              window.sharedScope = scope as Window['sharedScope'];
              return container.init(scope);
            }
          };
          return true;
        }
      }
    );
    Object.defineProperty(window, '_JUPYTERLAB', {
      get: () => extensions,
      set: () => undefined
    });
  });
}
