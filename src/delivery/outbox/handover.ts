import type { IRow } from '../wire.js';
import type { MemoryOutbox } from './outbox.js';
import type { ISpool } from './spool.js';
import type { OutboxWriter } from './writer.js';

/** Hands events that the disk of a page has not taken to the page that comes next. */
export class Handover {
  /**
   * @param _spool - where the next page looks; undefined where nothing can be held
   * @param _memory - what the disk refused
   * @param _writer - what is still on its way to the disk
   */
  constructor(
    private readonly _spool: ISpool | undefined,
    private readonly _memory: MemoryOutbox,
    private readonly _writer: OutboxWriter
  ) {}

  /** @returns what pages that were left hold: to be given to `adopt` */
  take(): IRow[] {
    return this._spool?.take() ?? [];
  }

  /** Store what other pages captured, which may not have had the time to. */
  adopt(rows: ReadonlyArray<IRow>): void {
    if (rows.length > 0) {
      rows.forEach(row => void this._writer.write(row));
      this.hold();
    }
  }

  /** Hold for the next page what the disk has not: the disk may not take it of this one. */
  hold(): void {
    const hold = (): void =>
      this._spool?.keep([...this._memory.rows, ...this._writer.unwritten]);
    hold();
    void this._writer.idle().then(hold);
  }
}
