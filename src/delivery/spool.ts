import { uuid7 } from '../events/uuid.js';
import type { IRow } from './wire.js';

/**
 * Holds what a page that is being left has not seen written to its disk: its
 * last transaction may end with it.
 */
export interface ISpool {
  /** Hold these until `clear`. Within this turn, and never throws. */
  keep(rows: ReadonlyArray<IRow>): void;

  /** The page was not left after all, and they are on disk. */
  clear(): void;

  /**
   * Take over what earlier pages left.
   *
   * @param store - settles when an event is on disk; only then it is let go of
   */
  takeOver(store: (row: IRow) => Promise<boolean>): Promise<void>;
}

/** A share of what browsers grant an origin, in characters. */
const MAX_LENGTH = 1_000_000;

/**
 * A spool in `localStorage`, which is written synchronously. Each page has an
 * entry of its own; whichever page comes next takes it over.
 */
export class LocalStorageSpool implements ISpool {
  /**
   * @param name - of the outbox it is for
   * @param _storage - `localStorage`
   */
  constructor(
    name: string,
    private readonly _storage: Storage
  ) {
    this._prefix = `${name}:left:`;
    this._key = this._prefix + uuid7();
  }

  keep(rows: ReadonlyArray<IRow>): void {
    const length = rows.reduce((sum, { json }) => sum + json.length, 0);
    if (rows.length > 0 && length <= MAX_LENGTH) {
      try {
        this._storage.setItem(this._key, JSON.stringify(rows));
      } catch {
        // Full or forbidden: then it is as it would be without.
      }
    }
  }

  clear(): void {
    this._storage.removeItem(this._key);
  }

  async takeOver(store: (row: IRow) => Promise<boolean>): Promise<void> {
    const keys = Object.keys(this._storage).filter(
      key => key.startsWith(this._prefix) && key !== this._key
    );
    for (const key of keys) {
      const rows = readRows(this._storage.getItem(key));
      const stored = await Promise.all(rows.map(store));
      if (stored.every(isStored => isStored)) {
        this._storage.removeItem(key);
      }
    }
  }

  private readonly _prefix: string;
  private readonly _key: string;
}

/** What lies there may have been written by anybody. */
function readRows(text: string | null): IRow[] {
  try {
    const rows = JSON.parse(text ?? '[]') as unknown;
    return (Array.isArray(rows) ? rows : []).flatMap((row: unknown) => {
      const { uuid, json } = (row ?? {}) as Record<string, unknown>;
      return typeof uuid === 'string' &&
        typeof json === 'string' &&
        isEvent(JSON.parse(json), uuid)
        ? [{ uuid, json }]
        : [];
    });
  } catch {
    return [];
  }
}

function isEvent(event: unknown, uuid: string): boolean {
  return (event as { uuid?: unknown } | null)?.uuid === uuid;
}
