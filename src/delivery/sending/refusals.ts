import type { IOutbox, ISetAside } from '../outbox/outbox.js';
import type { IRow } from '../wire.js';
import { byteLength, fromRows } from '../wire.js';
import { MAX_EVENT_BYTES, shrink } from './shrink.js';

/** An event refused as too large is cut to at most so many bytes, then to half as many… */
const SMALLEST_CUT = 4 * 1024;

/**
 * Cuts events that the other end does not take as they are, for as long as that
 * may help, and then sets them aside.
 *
 * A full disk takes no note of either. Such an event is remembered here, so
 * that the events behind are not held up.
 */
export class Refusals {
  /** @param _told - gets each event that is set aside */
  constructor(
    private readonly _outbox: IOutbox,
    private readonly _told: (event: ISetAside) => void
  ) {}

  /** Whether an event was refused, which the disk does not know yet. */
  has(uuid: string): boolean {
    return this._asides.has(uuid);
  }

  /** The events of a batch up to one that no PostHog takes, which is cut. */
  async fit(batch: ReadonlyArray<IRow>): Promise<ReadonlyArray<IRow>> {
    const rows = batch.map(row =>
      row.uuid === this._shorter?.uuid ? this._shorter : row
    );
    const large = rows.findIndex(
      ({ json }) =>
        // No character takes more than three bytes.
        json.length > MAX_EVENT_BYTES / 3 && byteLength(json) > MAX_EVENT_BYTES
    );
    if (large === -1) {
      return rows;
    }
    // An event that cannot be cut goes as it is: the other end has the last word.
    const row = await this._cut(rows[large], MAX_EVENT_BYTES);
    return [...rows.slice(0, large), row ?? rows[large]];
  }

  /** @returns whether there was anything to cut off the event */
  async halve(row: IRow): Promise<boolean> {
    const size = Math.floor(byteLength(row.json) / 2);
    return size >= SMALLEST_CUT && (await this._cut(row, size)) !== null;
  }

  async setAside(event: ISetAside): Promise<void> {
    this._asides.set(event.uuid, event);
    await this.store().catch(() => undefined);
  }

  /** Write down what the disk has refused to so far; rejects when it does again. */
  async store(): Promise<void> {
    for (const event of this._asides.values()) {
      await this._outbox.setAside(event);
      this._asides.delete(event.uuid);
      this._told(event);
    }
  }

  /** Let what the disk does not know of be sent again. */
  clear(): void {
    this._asides.clear();
  }

  private async _cut(row: IRow, maxBytes: number): Promise<IRow | null> {
    // A row that is no JSON cannot be cut.
    const shorter = fromRows([row])[0] ? shrink(row, maxBytes) : null;
    if (shorter) {
      this._shorter = shorter;
      await this._outbox.add([shorter]).catch(() => undefined);
    }
    return shorter;
  }

  /** The event cut last. */
  private _shorter: IRow | null = null;
  private readonly _asides = new Map<string, ISetAside>();
}
