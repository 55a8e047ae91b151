import type { IDBPObjectStore, StoreNames } from 'idb';
import { unwrap } from 'idb';
import type { IRow } from '../wire.js';
import type { ISchema } from './database.js';
import { Database, MIGRATIONS } from './database.js';
import type { IOutbox, IOutboxCounts, ISetAside } from './outbox.js';

/** Survives the browser's end, not a power cut; the disk itself is not waited for. */
const RELAXED: IDBTransactionOptions = { durability: 'relaxed' };

/**
 * An outbox on disk, shared by all pages of this origin that give its name.
 *
 * Every method rejects when the browser refuses: a private window, a full disk.
 */
export class IndexedDBOutbox implements IOutbox {
  /**
   * @param name - the database; who may not read each other's events have
   * different ones
   * @param migrations - how its structure came to be
   */
  constructor(name: string, migrations = MIGRATIONS) {
    this._database = new Database(name, migrations);
  }

  async add(
    rows: ReadonlyArray<IRow>,
    progressed: () => void = () => undefined
  ): Promise<void> {
    if (rows.length > 0) {
      await this._database.within(
        ['events'],
        'readwrite',
        transaction => {
          // A failure of one request is the transaction's too, and is told there:
          // a promise for each row would cost more than the row.
          const store = unwrap(transaction.objectStore('events'));
          rows.forEach(row => {
            store.put(row).onsuccess = progressed;
          });
          // Without this a page that is being left takes the transaction with it.
          transaction.commit();
        },
        RELAXED
      );
    }
  }

  peek(limit: number, after?: string): Promise<ReadonlyArray<IRow>> {
    const range =
      after === undefined ? null : IDBKeyRange.lowerBound(after, true);
    return this._database.within(['events'], 'readonly', transaction =>
      transaction.objectStore('events').getAll(range, limit)
    );
  }

  async remove(uuids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
    if (uuids.length === 0) {
      return [];
    }
    return this._database.within(
      ['events'],
      'readwrite',
      transaction => deleteAll(transaction.objectStore('events'), uuids),
      RELAXED
    );
  }

  counts(): Promise<IOutboxCounts> {
    return this._database.within(
      ['events', 'asides', 'counts'],
      'readonly',
      async transaction => {
        const [waiting, setAside, dropped = 0] = await Promise.all([
          transaction.objectStore('events').count(),
          transaction.objectStore('asides').count(),
          transaction.objectStore('counts').get('dropped')
        ]);
        return { waiting, setAside, dropped };
      }
    );
  }

  async drop(
    uuids: ReadonlyArray<string>,
    isCounted = true
  ): Promise<ReadonlyArray<string>> {
    if (uuids.length === 0) {
      return [];
    }
    return this._database.within(
      ['events', 'asides', 'counts'],
      'readwrite',
      async transaction => {
        const counts = transaction.objectStore('counts');
        const there = [
          ...(await deleteAll(transaction.objectStore('events'), uuids)),
          ...(await deleteAll(transaction.objectStore('asides'), uuids))
        ];
        const before = (await counts.get('dropped')) ?? 0;
        await counts.put(before + (isCounted ? there.length : 0), 'dropped');
        return there;
      }
    );
  }

  async setAside(event: ISetAside): Promise<void> {
    await this._database.within(
      ['events', 'asides'],
      'readwrite',
      transaction =>
        Promise.all([
          transaction.objectStore('asides').put(event),
          transaction.objectStore('events').delete(event.uuid)
        ])
    );
  }

  asides(limit?: number): Promise<ReadonlyArray<ISetAside>> {
    return this._database.within(['asides'], 'readonly', transaction =>
      transaction.objectStore('asides').getAll(null, limit)
    );
  }

  async restore(): Promise<void> {
    await this._database.within(
      ['events', 'asides'],
      'readwrite',
      async transaction => {
        const asides = transaction.objectStore('asides');
        const events = transaction.objectStore('events');
        const rows = await asides.getAll();
        await Promise.all([
          ...rows.map(({ uuid, json }) => events.put({ uuid, json })),
          asides.clear()
        ]);
      }
    );
  }

  close(): void {
    this._database.close();
  }

  private readonly _database: Database;
}

/**
 * Deletes events: what is drained in order lies side by side, and is deleted
 * by one request for all.
 *
 * @returns the uuids that were there
 */
async function deleteAll(
  store: Pick<
    IDBPObjectStore<ISchema, StoreNames<ISchema>[], 'events', 'readwrite'>,
    'getAllKeys' | 'delete'
  >,
  uuids: ReadonlyArray<string>
): Promise<ReadonlyArray<string>> {
  const meant = new Set(uuids);
  const sorted = [...meant].sort();
  const range = IDBKeyRange.bound(sorted[0], sorted[sorted.length - 1]);
  const within = await store.getAllKeys(range);
  const there = within.filter(uuid => meant.has(uuid));
  // Another page may have written an event whose time lies between theirs.
  const keys = there.length === within.length ? [range] : there;
  for (const key of keys) {
    // A failure of one request is the transaction's too, and is told there.
    store.delete(key).catch(() => undefined);
  }
  return there;
}
