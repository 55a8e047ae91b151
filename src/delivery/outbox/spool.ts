import { uuid7 } from '../../events/uuid.js';
import type { IRow } from '../wire.js';
import { isEventRow } from '../wire.js';

/**
 * Holds what a page that is being left has not seen written to its disk: its
 * last transaction may end with it.
 */
export interface ISpool {
  /** Hold these, and nothing that was held before. Within this turn. */
  keep(rows: ReadonlyArray<IRow>): void;

  /** Take what other pages hold: it is for whoever takes it to hold from now on. */
  take(): IRow[];
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
    const kept = newest(rows);
    this._try(() => {
      if (kept.length > 0) {
        this._storage.setItem(this._key, JSON.stringify(kept));
      } else {
        this._storage.removeItem(this._key);
      }
    });
  }

  take(): IRow[] {
    const rows: IRow[] = [];
    this._try(() => {
      for (const key of Object.keys(this._storage)) {
        if (key.startsWith(this._prefix) && key !== this._key) {
          rows.push(...readRows(this._storage.getItem(key)));
          this._storage.removeItem(key);
        }
      }
    });
    return rows;
  }

  /** A storage that is full or forbidden is as good as none. */
  private _try(act: () => void): void {
    try {
      act();
    } catch {
      // Telemetry never breaks the lesson.
    }
  }

  private readonly _prefix: string;
  private readonly _key: string;
}

/**
 * The newest, since nothing else says that a session ended.
 *
 * @param rows - oldest first
 * @returns as many as a page holds, oldest first
 */
export function newest(rows: ReadonlyArray<IRow>): IRow[] {
  let room = MAX_LENGTH;
  return [...rows]
    .reverse()
    .filter(({ json }) => (room -= json.length) >= 0)
    .reverse();
}

/** An entry of `localStorage` may have been written by anybody. */
function readRows(text: string | null): IRow[] {
  const rows = parse(text);
  return (Array.isArray(rows) ? rows : [])
    .filter(isEventRow)
    .map(({ uuid, json }) => ({ uuid, json }));
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown;
  } catch {
    return null;
  }
}
