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

/**
 * The uuid of the newest event that lies in the outboxes of a page, or ''. To
 * count many large ones takes a browser seconds.
 */
export async function newestStored(page: Page): Promise<string> {
  const uuids = (await ask(page, 'openKeyCursor')) as string[];
  return uuids.reduce((newest, uuid) => (uuid > newest ? uuid : newest), '');
}

/** What each outbox of a page answers; one that is empty has no cursor. */
function ask(
  page: Page,
  what: 'count' | 'getAllKeys' | 'openKeyCursor'
): Promise<unknown[]> {
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
        const asked: IDBRequest =
          method === 'openKeyCursor'
            ? events.openKeyCursor(null, 'prev')
            : events[method]();
        const answer = await settled(asked as IDBRequest<unknown>);
        if (answer !== null) {
          answers.push(answer instanceof IDBCursor ? answer.key : answer);
        }
        database.close();
      }
    }
    return answers;
  }, what);
}
