import type { IRow } from '../wire.js';
import type { MemoryOutbox } from './outbox.js';
import type { ISpool } from './spool.js';
import { newest } from './spool.js';
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

  /** A page that is being left told of these: they are for whoever sends, or will. */
  hear(rows: ReadonlyArray<IRow>): void {
    this._heard = newest([...this._heard, ...rows]);
  }

  /** @returns what pages that were left hold, or told of: to be given to `adopt` */
  take(): IRow[] {
    const heard = this._heard;
    this._heard = [];
    return [...heard, ...(this._spool?.take() ?? [])];
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

  /** What this page has heard of since it last took something; another page may have been first. */
  private _heard: IRow[] = [];
}
