import type { Page } from '@playwright/test';

/** What an origin keeps in a browser: a text for each thing, by the name of its storage and its key. */
export type BrowserStorage = Readonly<Record<string, string>>;

/** Everything that the page's origin keeps in the browser: `localStorage`, `sessionStorage`, IndexedDB. */
export function browserStorage(page: Page): Promise<BrowserStorage> {
  return page.evaluate(async () => {
    const found: Record<string, string> = {};
    for (const [name, storage] of [
      ['local', localStorage],
      ['session', sessionStorage]
    ] as const) {
      for (const [key, value] of Object.entries({ ...storage })) {
        found[`${name} ${key}`] = value as string;
      }
    }
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB did not answer'));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const rows = await asked(
          database.transaction(store).objectStore(store).getAll()
        );
        found[`database ${name} ${store}`] = JSON.stringify(rows);
      }
      database.close();
    }
    return found;
  });
}

/** What is kept of ours, as one text. */
export async function keptOfOurs(page: Page): Promise<string> {
  const ours = Object.entries(await browserStorage(page)).filter(([key]) =>
    key.includes(' ipynb-telemetry')
  );
  return JSON.stringify(ours);
}
