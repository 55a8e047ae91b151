import type { IOutbox, ISetAside } from './outbox.js';
import { MAX_EVENT_BYTES, shrink } from './shrink.js';
import type { IRow } from './wire.js';
import { byteLength } from './wire.js';

/** An event refused as too large is cut to at most so many bytes, then to half as many… */
const SMALLEST_CUT = 4 * 1024;

/**
 * What becomes of events that the other end does not take as they are: they
 * are cut for as long as that may help, and then set aside.
 */
export class Refusals {
  /** @param _told - gets each event that is set aside */
  constructor(
    private readonly _outbox: IOutbox,
    private readonly _told: (event: ISetAside) => void
  ) {}

  /** The events of a batch up to one that no PostHog takes, which is cut. */
  async fit(batch: ReadonlyArray<IRow>): Promise<ReadonlyArray<IRow>> {
    const large = batch.findIndex(
      ({ json }) => byteLength(json) > MAX_EVENT_BYTES
    );
    if (large === -1) {
      return batch;
    }
    // One that cannot be cut goes as it is: the other end has the last word.
    const row = await this._cut(batch[large], MAX_EVENT_BYTES);
    return [...batch.slice(0, large), row ?? batch[large]];
  }

  /** @returns whether there was anything to cut off the event */
  async halve(row: IRow): Promise<boolean> {
    const size = Math.floor(byteLength(row.json) / 2);
    return size >= SMALLEST_CUT && (await this._cut(row, size)) !== null;
  }

  async setAside(event: ISetAside): Promise<void> {
    await this._outbox.setAside(event);
    this._told(event);
  }

  private async _cut(row: IRow, maxBytes: number): Promise<IRow | null> {
    const shorter = shrink(row, maxBytes);
    if (shorter) {
      await this._outbox.add([shorter]);
    }
    return shorter;
  }
}
