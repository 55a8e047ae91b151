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

/**
 * Put events into the outbox of a page, older than all that lie there: as many
 * as a session of weeks would leave, whose id is `earlier`.
 */
export async function leaveEarlier(page: Page, count: number): Promise<void> {
  await page.evaluate(async total => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const opening = indexedDB.open(
      names.find(name => name.startsWith('ipynb-telemetry:'))!
    );
    await new Promise(resolve => (opening.onsuccess = resolve));
    const writing = opening.result.transaction('events', 'readwrite');
    for (let seq = 1; seq <= total; seq++) {
      const uuid = `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
      const event = {
        uuid,
        event: 'tick',
        distinct_id: 'ANN_LEE',
        timestamp: '2026-01-01T00:00:00.000Z',
        properties: {
          student_id: 'ANN_LEE',
          notebook: 'lesson',
          session_id: 'earlier',
          seq
        }
      };
      writing.objectStore('events').put({ uuid, json: JSON.stringify(event) });
    }
    await new Promise(resolve => (writing.oncomplete = resolve));
    opening.result.close();
  }, count);
}

/** From now on no write of a page ends but with that page, which takes the write along. */
export function holdWritesOpen(page: Page): Promise<void> {
  return page.evaluate(() => {
    IDBTransaction.prototype.commit = function () {
      const store = this.objectStore('events');
      const goOn = (): void => {
        store.count().onsuccess = goOn;
      };
      goOn();
    };
  });
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
