import type { Page } from '@playwright/test';

/** How many events lie in the outboxes of a page. */
export async function countStored(page: Page): Promise<number> {
  const counts = await ask(page, 'count');
  return counts.map(Number).reduce((sum, count) => sum + count, 0);
}

/** The uuids of the events that lie in the outboxes of a page. */
export async function storedUuids(page: Page): Promise<string[]> {
  return (await ask(page, 'getAllKeys')).flat() as string[];
}

/** What each outbox of a page answers. */
function ask(page: Page, what: 'count' | 'getAllKeys'): Promise<unknown[]> {
  return page.evaluate(async method => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const answers: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith('ipynb-telemetry:')) {
        const database = await settled(indexedDB.open(name));
        const events = database.transaction('events').objectStore('events');
        const asked: IDBRequest = events[method]();
        answers.push(await settled(asked as IDBRequest<unknown>));
        database.close();
      }
    }
    return answers;
  }, what);
}
