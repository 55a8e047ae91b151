import type { DBSchema, IDBPDatabase, IDBPObjectStore, StoreNames } from 'idb';
import { openDB } from 'idb';
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

  async add(rows: ReadonlyArray<IRow>): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    const transaction = (await this._database()).transaction(
      'events',
      'readwrite',
      RELAXED
    );
    // A failure of one request is the transaction's too, and is told there.
    for (const row of rows) {
      transaction.store.put(row).catch(() => undefined);
    }
    const done = transaction.done;
    // Without this a page that is being left takes the transaction with it.
    transaction.commit();
    await done;
  }

  async peek(limit: number, after?: string): Promise<ReadonlyArray<IRow>> {
    const range =
      after === undefined ? null : IDBKeyRange.lowerBound(after, true);
    return (await this._database()).getAll('events', range, limit);
  }

  async remove(uuids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
    if (uuids.length === 0) {
      return [];
    }
    const transaction = (await this._database()).transaction(
      'events',
      'readwrite',
      RELAXED
    );
    const [there] = await Promise.all([
      deleteAll(transaction.store, uuids),
      transaction.done
    ]);
    return there;
  }

  async counts(): Promise<IOutboxCounts> {
    const transaction = (await this._database()).transaction([
      'events',
      'asides',
      'counts'
    ]);
    const [waiting, setAside, dropped = 0] = await Promise.all([
      transaction.objectStore('events').count(),
      transaction.objectStore('asides').count(),
      transaction.objectStore('counts').get('dropped'),
      transaction.done
    ]);
    return { waiting, setAside, dropped };
  }

  async drop(
    uuids: ReadonlyArray<string>,
    isCounted = true
  ): Promise<ReadonlyArray<string>> {
    if (uuids.length === 0) {
      return [];
    }
    const transaction = (await this._database()).transaction(
      ['events', 'asides', 'counts'],
      'readwrite'
    );
    const counts = transaction.objectStore('counts');
    const there = [
      ...(await deleteAll(transaction.objectStore('events'), uuids)),
      ...(await deleteAll(transaction.objectStore('asides'), uuids))
    ];
    const before = (await counts.get('dropped')) ?? 0;
    await Promise.all([
      counts.put(before + (isCounted ? there.length : 0), 'dropped'),
      transaction.done
    ]);
    return there;
  }

  async setAside(event: ISetAside): Promise<void> {
    const transaction = (await this._database()).transaction(
      ['events', 'asides'],
      'readwrite'
    );
    await Promise.all([
      transaction.objectStore('asides').put(event),
      transaction.objectStore('events').delete(event.uuid),
      transaction.done
    ]);
  }

  async asides(limit?: number): Promise<ReadonlyArray<ISetAside>> {
    return (await this._database()).getAll('asides', null, limit);
  }

  async restore(): Promise<void> {
    const transaction = (await this._database()).transaction(
      ['events', 'asides'],
      'readwrite'
    );
    const asides = transaction.objectStore('asides');
    const events = transaction.objectStore('events');
    const rows = await asides.getAll();
    await Promise.all([
      ...rows.map(({ uuid, json }) => events.put({ uuid, json })),
      asides.clear(),
      transaction.done
    ]);
  }

  close(): void {
    this._opening?.then(database => database.close()).catch(() => undefined);
    this._opening = null;
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
