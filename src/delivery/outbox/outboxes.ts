import type { IRow, IWireEvent } from '../wire.js';
import { fromRows, toRow } from '../wire.js';
import type { IOutbox } from './outbox.js';
import { ALL, MemoryOutbox } from './outbox.js';

/** The events that were not delivered, and of those that were refused the reason. */
export interface IUndelivered {
  readonly waiting: ReadonlyArray<IWireEvent>;
  readonly setAside: ReadonlyArray<{
    readonly event: IWireEvent;
    readonly reason: string;
  }>;
}

/** Says what some of all events become; null is given up. */
export type Rewritten = (
  events: ReadonlyArray<IWireEvent>
) => ReadonlyMap<string, IWireEvent | null>;

/** The outbox on disk, if there is one, and the outbox in memory, asked as one. */
export class Outboxes {
  /** @param durable - the outbox on disk; null where there is none */
  constructor(readonly durable: IOutbox | null) {
    this.all = durable ? [durable, this.memory] : [this.memory];
  }

  readonly memory = new MemoryOutbox();
  readonly all: ReadonlyArray<IOutbox>;

  /** How many events wait. */
  async countWaiting(): Promise<number> {
    const counts = await this._each(outbox => outbox.counts());
    return counts.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Acknowledge events, and give the uuids of those that were there. */
  async remove(uuids: ReadonlyArray<string>): Promise<string[]> {
    return (await this._each(outbox => outbox.remove(uuids))).flat();
  }

  /** Let what was set aside wait again. */
  async restore(): Promise<void> {
    await this._each(outbox => outbox.restore());
  }

  /** Give up the events that are meant, uncounted, and give their uuids. */
  async forget(isMeant: (event: IWireEvent) => boolean): Promise<string[]> {
    const gone = await this._each(async outbox => {
      const rows = [...(await outbox.peek(ALL)), ...(await outbox.asides())];
      return outbox.drop(
        fromRows(rows)
          .filter(isMeant)
          .map(({ uuid }) => uuid),
        false
      );
    });
    return gone.flat();
  }

  /** Whether all outboxes can be read: what is not read may be the rest of what is. */
  async areReadable(): Promise<boolean> {
    const read = await this._each(outbox => outbox.peek(1));
    return read.length === this.all.length;
  }

  /** Put events in the place of those with the same uuids, be those waiting or refused. */
  async rewrite(events: ReadonlyMap<string, IWireEvent | null>): Promise<void> {
    await this._each(async outbox => {
      const written = <R extends IRow>(rows: ReadonlyArray<R>): R[] =>
        rows.flatMap(row => {
          const event = events.get(row.uuid);
          return event ? [{ ...row, ...toRow(event) }] : [];
        });
      await outbox.add(written(await outbox.peek(ALL)));
      for (const aside of written(await outbox.asides())) {
        await outbox.setAside(aside);
      }
    });
  }

  /** The events that are in the outboxes. */
  async undelivered(): Promise<IUndelivered> {
    const waiting: ReadonlyArray<IRow>[] = await this._each(outbox =>
      outbox.peek(ALL)
    );
    const asides = await this._each(outbox => outbox.asides());
    return {
      waiting: fromRows(waiting.flat()),
      setAside: asides
        .flat()
        .flatMap(row =>
          fromRows([row]).map(event => ({ event, reason: row.reason }))
        )
    };
  }

  /** Asks all outboxes; an outbox that the browser refuses has nothing to tell. */
  private async _each<T>(ask: (outbox: IOutbox) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(this.all.map(ask));
    return answers.flatMap(answer =>
      answer.status === 'fulfilled' ? [answer.value] : []
    );
  }
}
