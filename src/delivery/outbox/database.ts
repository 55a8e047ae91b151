import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { openDB } from 'idb';
import { PageCache } from '../pagecache.js';
import type { IRow } from '../wire.js';
import type { ISetAside } from './outbox.js';

/** An opening that takes longer is held up by an older page; in milliseconds. */
const OPEN_MS = 5_000;

/** The tables of an outbox on disk. */
export interface ISchema extends DBSchema {
  /** The events that wait, oldest first, for uuids are ordered by time. */
  events: { key: string; value: IRow };
  asides: { key: string; value: ISetAside };
  /** Numbers that outlive their events. */
  counts: { key: 'dropped'; value: number };
}

type Opened = IDBPDatabase<ISchema>;

/**
 * Entry n leads from version n to n + 1. Entries are only ever added: rows of
 * every version that was released stay readable.
 */
export const MIGRATIONS: ReadonlyArray<(database: Opened) => void> = [
  database => {
    database.createObjectStore('events', { keyPath: 'uuid' });
    database.createObjectStore('asides', { keyPath: 'uuid' });
    database.createObjectStore('counts');
  }
];

/** The database of an outbox, opened when it is first needed, and again when the browser took it away. */
export class Database {
  /**
   * @param _name - of the database
   * @param _migrations - how its structure came to be
   */
  constructor(
    private readonly _name: string,
    private readonly _migrations: typeof MIGRATIONS
  ) {}

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
  async within<
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
      const database = await this._opened();
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

  private _opened(): Promise<Opened> {
    this._opening ??= this._open().catch(reason => {
      // A database that is refused now may be granted later.
      this._opening = null;
      throw reason;
    });
    return this._opening;
  }

  private async _open(): Promise<Opened> {
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

  private _opening: Promise<Opened> | null = null;
}
