import type { IRow } from '../wire.js';
import { byteLength } from '../wire.js';

/** What browsers let leave with a closing page, less room for the frame, in bytes. */
const LEAVING_BYTES = 60 * 1024;
/** The most events remembered, and the most characters of them: older ones would hardly fit. */
const MAX_COUNT = 500;
const MAX_LENGTH = 8 * LEAVING_BYTES;
/** The most uuids remembered of events that need no one any more. */
const MAX_SETTLED = 5_000;

/**
 * The latest events of this page that are not delivered: a page that is being
 * left has no time to ask its disk for them.
 */
export class Leaving {
  add(row: IRow): void {
    if (row.json.length > LEAVING_BYTES) {
      return;
    }
    this._forget(row.uuid);
    this._rows.set(row.uuid, row);
    this._length += row.json.length;
    while (this._rows.size > MAX_COUNT || this._length > MAX_LENGTH) {
      const [oldest] = this._rows.keys();
      this._forget(oldest);
    }
  }

  /** Whether this page made the row, lately, just as it is. */
  has(row: IRow): boolean {
    return this._rows.get(row.uuid)?.json === row.json;
  }

  /** These events are delivered, set aside or given up, by whichever page. */
  settle(uuids: ReadonlyArray<string>): void {
    for (const uuid of uuids) {
      this._forget(uuid);
      this._settled.add(uuid);
      if (this._settled.size > MAX_SETTLED) {
        const [oldest] = this._settled;
        this._settled.delete(oldest);
      }
    }
  }

  /** @returns the events of a page that was left, without those that were settled lately */
  unsettled(rows: ReadonlyArray<IRow>): IRow[] {
    return rows.filter(({ uuid }) => !this._settled.has(uuid));
  }

  /**
   * The events that fit the browser's allowance. The newest are chosen first, for
   * nothing else says that a session ended.
   *
   * @param mayLeave - whether an event may be sent at the moment; default: all
   * @returns the events, oldest first
   */
  fitting(mayLeave: (row: IRow) => boolean = () => true): IRow[] {
    const batch: IRow[] = [];
    let room = LEAVING_BYTES;
    for (const row of [...this._rows.values()].filter(mayLeave).reverse()) {
      const size = byteLength(row.json) + 1;
      // One large event keeps no others back.
      if (size <= room) {
        room -= size;
        batch.unshift(row);
      }
    }
    return batch;
  }

  private _forget(uuid: string): void {
    this._length -= this._rows.get(uuid)?.json.length ?? 0;
    this._rows.delete(uuid);
  }

  private readonly _rows = new Map<string, IRow>();
  private _length = 0;
  private readonly _settled = new Set<string>();
}
