import type { IRow } from '../wire.js';

/** More events than any outbox holds. */
export const ALL = 0xffffffff;

/** An event that the other end will never take as it is, and why. */
export interface ISetAside extends IRow {
  readonly reason: string;
}

/** The other end's words on events that it does not take. */
export interface IRefusal {
  readonly reason: string;
  readonly count: number;
}

/** How many events there are, by what became of them. */
export interface IOutboxCounts {
  readonly waiting: number;
  readonly setAside: number;
  /** How many were ever given up. */
  readonly dropped: number;
}

/** Keeps events until the other end has them. */
export interface IOutbox {
  /**
   * Keep events, all or none; an event that is there already is replaced.
   *
   * @param progressed - told of each event that is as good as there: an outbox that is
   * slow says by this that it works
   */
  add(rows: ReadonlyArray<IRow>, progressed?: () => void): Promise<void>;

  /**
   * The oldest events, without removing them.
   *
   * @param limit - at most so many
   * @param after - only those after the event with this uuid
   */
  peek(limit: number, after?: string): Promise<ReadonlyArray<IRow>>;

  /**
   * Acknowledge events, by uuid: never by position.
   *
   * @returns those that were there: another page may have been first
   */
  remove(uuids: ReadonlyArray<string>): Promise<ReadonlyArray<string>>;

  /** All at one moment. */
  counts(): Promise<IOutboxCounts>;

  /**
   * Give events up, those that wait and those that were set aside.
   *
   * @param isCounted - false for what was counted before
   * @returns those that were there
   */
  drop(
    uuids: ReadonlyArray<string>,
    isCounted?: boolean
  ): Promise<ReadonlyArray<string>>;

  /** Keep an event apart from those that wait. */
  setAside(event: ISetAside): Promise<void>;

  /**
   * The events that were set aside, oldest first.
   *
   * @param limit - at most so many; default: all
   */
  asides(limit?: number): Promise<ReadonlyArray<ISetAside>>;

  /** Let what was set aside wait again. */
  restore(): Promise<void>;

  /** Let go of what the outbox holds open; it may be used again. */
  close(): void;
}

/** An outbox that lives as long as the page. */
export class MemoryOutbox implements IOutbox {
  /** The events that wait, within this turn. */
  get rows(): ReadonlyArray<IRow> {
    return [...this._rows.values()];
  }

  add(rows: ReadonlyArray<IRow>): Promise<void> {
    for (const row of rows) {
      this._rows.set(row.uuid, row);
    }
    return Promise.resolve();
  }

  peek(limit: number, after?: string): Promise<ReadonlyArray<IRow>> {
    const rows: IRow[] = [];
    let isPast = after === undefined;
    for (const row of this._rows.values()) {
      if (rows.length === limit) {
        break;
      }
      if (isPast) {
        rows.push(row);
      }
      isPast ||= row.uuid === after;
    }
    return Promise.resolve(rows);
  }

  remove(uuids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
    return Promise.resolve(uuids.filter(uuid => this._rows.delete(uuid)));
  }

  counts(): Promise<IOutboxCounts> {
    return Promise.resolve({
      waiting: this._rows.size,
      setAside: this._asides.size,
      dropped: this._dropped
    });
  }

  drop(
    uuids: ReadonlyArray<string>,
    isCounted = true
  ): Promise<ReadonlyArray<string>> {
    const there = uuids.filter(
      uuid => this._rows.delete(uuid) || this._asides.delete(uuid)
    );
    this._dropped += isCounted ? there.length : 0;
    return Promise.resolve(there);
  }

  async setAside(event: ISetAside): Promise<void> {
    this._asides.set(event.uuid, event);
    await this.remove([event.uuid]);
  }

  asides(limit?: number): Promise<ReadonlyArray<ISetAside>> {
    return Promise.resolve([...this._asides.values()].slice(0, limit));
  }

  async restore(): Promise<void> {
    await this.add(
      [...this._asides.values()].map(({ uuid, json }) => ({ uuid, json }))
    );
    this._asides.clear();
  }

  close(): void {
    // Nothing is held open.
  }

  private readonly _rows = new Map<string, IRow>();
  private readonly _asides = new Map<string, ISetAside>();
  private _dropped = 0;
}
