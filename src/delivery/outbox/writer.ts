import type { IClock } from '../clock.js';
import type { IRow } from '../wire.js';
import type { IOutbox } from './outbox.js';
import { ALL } from './outbox.js';

/**
 * A disk of which nothing was heard in so many looks on end, so many milliseconds apart,
 * has refused what it was given. A write of many events may take longer, for each of them
 * is heard of.
 */
const LOOKS = 20;
const LOOK_MS = 500;
/**
 * A look that comes so much too late, in milliseconds, is one of a page that is too busy
 * to hear: WebKit tells a page what the disk did behind all messages that came before,
 * which took 18 s in a Run All of 200 cells on a busy machine. Timers come in between.
 */
const LATE_MS = 50;
/** So many looks are enough in a busy page, too. */
const MOST_LOOKS = 120;
/** Writes of a burst begin so far apart, and share what comes meanwhile; in milliseconds. */
const GATHER_MS = 100;
/** A disk that refused is asked again so much later, in milliseconds. */
const ASK_AGAIN_MS = 60_000;

/**
 * Writes events to an outbox on disk, or to one in memory while the disk is
 * refused. Those that come while a write is under way, or soon after it, share
 * the next one.
 */
export class OutboxWriter {
  constructor(private readonly _options: OutboxWriter.IOptions) {
    this._isDurable = _options.durable !== null;
  }

  /** Whether the disk takes what is written, as far as is known. */
  get isDurable(): boolean {
    return this._isDurable;
  }

  /** The events that no place has taken yet. */
  get unwritten(): ReadonlyArray<IRow> {
    return [...this._underWay, ...this._buffer];
  }

  /** @returns settles when the event is stored; never rejects */
  write(row: IRow): Promise<void> {
    this._buffer.push(row);
    return (this._writing ??= this._drain());
  }

  /** Settles when everything written so far is stored. */
  async idle(): Promise<void> {
    await this._writing;
  }

  /** The page is being left, perhaps for good: begin at once what would wait for a turn. */
  hurry(): void {
    this._endGathering();
    if (this._buffer.length > 0) {
      this._hurried.push(this._store(this._buffer.splice(0)));
    }
  }

  private async _drain(): Promise<void> {
    // The rest of a burst comes before this goes on.
    await Promise.resolve();
    try {
      while (this._buffer.length + this._hurried.length > 0) {
        if (this._buffer.length > 0) {
          await this._gather();
        }
        await Promise.all([
          ...this._hurried.splice(0),
          this._store(this._buffer.splice(0))
        ]);
      }
    } finally {
      // With no turn in between, in which an event would find nobody to write it.
      this._writing = null;
    }
  }

  /**
   * An event that comes alone is not kept waiting; a clock that is set back
   * keeps none, nor do the timers of a hidden page: they are slow, and stop.
   */
  private async _gather(): Promise<void> {
    const { clock } = this._options;
    const since = clock.now() - this._begunAt;
    if (since >= 0 && since < GATHER_MS && !isHidden()) {
      await new Promise<void>(resolve => {
        this._endGathering = resolve;
        clock.after(GATHER_MS - since, resolve);
      });
    }
    this._begunAt = clock.now();
  }

  private async _store(rows: ReadonlyArray<IRow>): Promise<void> {
    if (rows.length > 0) {
      await this._place(rows);
    }
  }

  /**
   * Put events, and those that memory keeps, on the disk or, while that is refused,
   * into memory.
   */
  private async _place(rows: ReadonlyArray<IRow>): Promise<void> {
    const { clock, durable, memory, stored } = this._options;
    rows.forEach(row => this._underWay.add(row));
    // The clock may have been set back.
    const isRested = Math.abs(clock.now() - this._refusedAt) >= ASK_AGAIN_MS;
    let all = rows;
    // Behind a write that hangs another would wait, and lose what it took out
    // of memory to what takes the first one back.
    const isAsked = this._hanging === 0;
    if (
      durable &&
      isAsked &&
      (isRested || (await memory.counts()).waiting === 0)
    ) {
      all = [...(await this._takeFromMemory()), ...rows];
      try {
        await this._add(durable, all);
        this._isDurable = true;
        all.forEach(row => this._underWay.delete(row));
        stored(true);
        return;
      } catch (reason) {
        this._refusedAt = clock.now();
        if (this._isDurable) {
          console.warn('ipynb-telemetry: events are kept in memory', reason);
        }
      }
    }
    await memory.add(all);
    this._isDurable = false;
    all.forEach(row => this._underWay.delete(row));
    stored(false);
  }

  /**
   * Events kept in memory must not be gone with the page. In both places they
   * would be sent by two, and so would those that are being sent from there.
   */
  private async _takeFromMemory(): Promise<ReadonlyArray<IRow>> {
    const { memory, isUnderWay } = this._options;
    const kept = (await memory.peek(ALL)).filter(row => !isUnderWay(row.uuid));
    // In no place for a while, they are among those that a page that is left hands on.
    kept.forEach(row => this._underWay.add(row));
    const taken = new Set(await memory.remove(kept.map(({ uuid }) => uuid)));
    // A write that was begun out of turn may have been first.
    return kept.filter(({ uuid }) => taken.has(uuid));
  }

  /** @returns settles when the disk has taken or refused it, or is silent for too long */
  private async _add(
    durable: IOutbox,
    rows: ReadonlyArray<IRow>
  ): Promise<void> {
    const { clock } = this._options;
    let inTime = 0;
    let looks = 0;
    const adding = durable.add(rows, () => {
      inTime = 0;
      looks = 0;
    });
    let cancel: () => void = () => undefined;
    const tooLong = new Promise<never>((_, reject) => {
      const wait = (): void => {
        const due = clock.now() + LOOK_MS;
        cancel = clock.after(LOOK_MS, () => look(clock.now() - due));
      };
      const look = (late: number): void => {
        looks++;
        // Timers of a hidden page are always late.
        inTime = late > LATE_MS && !isHidden() ? 0 : inTime + 1;
        if (inTime < LOOKS && looks < MOST_LOOKS) {
          wait();
          return;
        }
        this._hanging++;
        void this._takeBack(adding, durable, rows);
        reject(new Error('The disk does not answer.'));
      };
      wait();
    });
    await Promise.race([adding, tooLong]).finally(() => cancel());
  }

  /**
   * Should the disk take a write after all that was given up, the events are sent from
   * memory already. What is in memory then goes to the disk, which answers again.
   */
  private async _takeBack(
    adding: Promise<void>,
    durable: IOutbox,
    rows: ReadonlyArray<IRow>
  ): Promise<void> {
    const isTaken = await adding
      .then(() => durable.remove(rows.map(({ uuid }) => uuid)))
      .then(
        () => true,
        () => false
      );
    this._hanging--;
    if (isTaken && this._hanging === 0) {
      this._refusedAt = -Infinity;
      this._hurried.push(this._place([]));
      this._writing ??= this._drain();
    }
  }

  private _isDurable: boolean;
  private readonly _buffer: IRow[] = [];
  /** The events that are being written. */
  private readonly _underWay = new Set<IRow>();
  /** The writes that were begun out of turn. */
  private readonly _hurried: Promise<void>[] = [];
  private _writing: Promise<void> | null = null;
  private _endGathering: () => void = () => undefined;
  /** When the last write in turn began. */
  private _begunAt = -Infinity;
  private _refusedAt = -Infinity;
  /** How many writes were given up that have not ended. */
  private _hanging = 0;
}

/** Whether this is a page that nobody sees. */
function isHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}

/** The namespace for OutboxWriter statics. */
export namespace OutboxWriter {
  /** Where to write. */
  export interface IOptions {
    readonly clock: IClock;
    /** Null where there is no disk. */
    readonly durable: IOutbox | null;
    readonly memory: IOutbox;
    /** Whether an event is being sent from memory: it stays there. */
    readonly isUnderWay: (uuid: string) => boolean;
    /** Told after each write whether it went to the disk. */
    readonly stored: (isDurable: boolean) => void;
  }
}
