import type {
  DBSchema,
  IDBPDatabase,
  IDBPObjectStore,
  IDBPTransaction,
  StoreNames
} from 'idb';
import { openDB, unwrap } from 'idb';
import { PageCache } from '../pagecache.js';
import type { IRow } from '../wire.js';
import type { IOutbox, IOutboxCounts, ISetAside } from './outbox.js';

/** An opening that takes longer is held up by an older page; in milliseconds. */
const OPEN_MS = 5_000;

/** Survives the browser's end, not a power cut; the disk itself is not waited for. */
const RELAXED: IDBTransactionOptions = { durability: 'relaxed' };

interface ISchema extends DBSchema {
  /** The events that wait, oldest first, for uuids are ordered by time. */
  events: { key: string; value: IRow };
  asides: { key: string; value: ISetAside };
  /** Numbers that outlive their events. */
  counts: { key: 'dropped'; value: number };
}

type Database = IDBPDatabase<ISchema>;

/**
 * Entry n leads from version n to n + 1. Entries are only ever added: rows of
 * every version that was released stay readable.
 */
export const MIGRATIONS: ReadonlyArray<(database: Database) => void> = [
  database => {
    database.createObjectStore('events', { keyPath: 'uuid' });
    database.createObjectStore('asides', { keyPath: 'uuid' });
    database.createObjectStore('counts');
  }
];

/**
 * An outbox on disk, shared by all pages of this origin that give its name.
 *
 * Every method rejects when the browser refuses: a private window, a full disk.
 */
export class IndexedDBOutbox implements IOutbox {
  /**
   * @param _name - the database; who may not read each other's events have
   * different ones
   * @param _migrations - how its structure came to be
   */
  constructor(
    private readonly _name: string,
    private readonly _migrations = MIGRATIONS
  ) {}

  async add(
    rows: ReadonlyArray<IRow>,
    progressed: () => void = () => undefined
  ): Promise<void> {
    if (rows.length > 0) {
      await this._within(
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
    return this._within(['events'], 'readonly', transaction =>
      transaction.objectStore('events').getAll(range, limit)
    );
  }

  async remove(uuids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
    if (uuids.length === 0) {
      return [];
    }
    return this._within(
      ['events'],
      'readwrite',
      transaction => deleteAll(transaction.objectStore('events'), uuids),
      RELAXED
    );
  }

  counts(): Promise<IOutboxCounts> {
    return this._within(
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
    return this._within(
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
    await this._within(['events', 'asides'], 'readwrite', transaction =>
      Promise.all([
        transaction.objectStore('asides').put(event),
        transaction.objectStore('events').delete(event.uuid)
      ])
    );
  }

  asides(limit?: number): Promise<ReadonlyArray<ISetAside>> {
    return this._within(['asides'], 'readonly', transaction =>
      transaction.objectStore('asides').getAll(null, limit)
    );
  }

  async restore(): Promise<void> {
    await this._within(['events', 'asides'], 'readwrite', async transaction => {
      const asides = transaction.objectStore('asides');
      const events = transaction.objectStore('events');
      const rows = await asides.getAll();
      await Promise.all([
        ...rows.map(({ uuid, json }) => events.put({ uuid, json })),
        asides.clear()
      ]);
    });
  }

  close(): void {
    this._opening?.then(database => database.close()).catch(() => undefined);
    this._opening = null;
  }

  /**
   * Do something in a transaction of its own, and see it end.
   *
   * A page that goes into the browser's cache gives the transaction up, and does
   * the same in another one when it is back. So all work here may be done twice.
   */
  private async _within<
    S extends StoreNames<ISchema>[],
    M extends 'readonly' | 'readwrite',
    T
  >(
    stores: S,
    mode: M,
    work: (transaction: IDBPTransaction<ISchema, S, M>) => T | Promise<T>,
    options?: IDBTransactionOptions
  ): Promise<T> {
    const cache = PageCache.ofThisPage;
    for (;;) {
      if (cache.isAway) {
        await cache.isBack();
      }
      const database = await this._database();
      if (cache.isAway) {
        continue;
      }
      const transaction = database.transaction(stores, mode, options);
      let isGivenUp = false;
      let forget: () => void = () => undefined;
      const givenUp = new Promise<null>(resolve => {
        forget = cache.onLeave(() => {
          isGivenUp = true;
          try {
            transaction.abort();
          } catch {
            // The transaction has ended, or is committed: WebKit ends that one.
          }
          // WebKit may tell the page of no end, of this kind or the other.
          void cache.isBack().then(() => resolve(null));
        });
      });
      try {
        const ended = await Promise.race([
          Promise.all([work(transaction), transaction.done]),
          givenUp
        ]);
        if (ended) {
          return ended[0];
        }
      } catch (reason) {
        if (!isGivenUp) {
          throw reason;
        }
      } finally {
        forget();
      }
    }
  }

  private _database(): Promise<Database> {
    this._opening ??= this._open().catch(reason => {
      // A database that is refused now may be granted later.
      this._opening = null;
      throw reason;
    });
    return this._opening;
  }

  private async _open(): Promise<Database> {
    const opening = openDB<ISchema>(this._name, this._migrations.length, {
      upgrade: (database, version) => {
        this._migrations.slice(version).forEach(migrate => migrate(database));
      },
      // A newer version of this package, in another page, waits for this one.
      blocking: () => this.close(),
      // The browser took the database away, as when site data are cleared.
      terminated: () => {
        this._opening = null;
      }
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // Should it come after all, nobody holds it open in vain.
        opening.then(database => database.close()).catch(() => undefined);
        reject(new Error('The browser does not open its database.'));
      }, OPEN_MS);
    });
    return Promise.race([opening, tooLong]).finally(() => clearTimeout(timer));
  }

  private _opening: Promise<Database> | null = null;
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
