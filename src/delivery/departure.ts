import type { Handover } from './outbox/handover.js';
import type { Leaving } from './outbox/leaving.js';
import type { Outboxes } from './outbox/outboxes.js';
import type { OutboxWriter } from './outbox/writer.js';
import type { Outcomes } from './outcomes.js';
import type { ITabs } from './pages/tabs.js';
import type { BatchTransport } from './sending/transport.js';
import type { IRow } from './wire.js';

/** The events of pages that are being left: of this page, and of others that told of it. */
export class Departure {
  constructor(private readonly _options: Departure.IOptions) {}

  /** This page is being left. */
  leave(): void {
    const { handover, leaving, mayLeave, tabs, transport, writer } =
      this._options;
    handover.hold();
    writer.hurry();
    const rows = leaving.fitting(mayLeave);
    if (rows.length === 0) {
      return;
    }
    const sends = tabs.isLeading || tabs.hasLed;
    // Events that are in this page's memory only would be lost with it.
    if (writer.isDurable && !sends) {
      tabs.post({ kind: 'left', rows });
      return;
    }
    const { unwritten } = writer;
    if (tabs.isLeading && unwritten.length > 0) {
      // Should the request fail, these are the next sender's, whose look at what this
      // page holds may come too soon: browsers have processes for several pages.
      tabs.post({ kind: 'left', rows: unwritten });
    }
    void transport()
      ?.send(rows, true)
      .then(async ({ status }) => {
        if (status === 'accepted') {
          await this._settle(rows);
        }
      });
  }

  /** Another page is being left with these events. */
  hear(rows: ReadonlyArray<IRow>): void {
    const { handover, tabs } = this._options;
    handover.hear(rows);
    // While one page lets another send, nobody is leading.
    if (tabs.isLeading) {
      this.takeOver();
    }
  }

  /** Store what pages that were left could not: this page sends. */
  takeOver(): void {
    const { handover, leaving } = this._options;
    handover.adopt(leaving.unsettled(handover.take()));
  }

  /** The page may have been kept after all. */
  private async _settle(rows: ReadonlyArray<IRow>): Promise<void> {
    const { outboxes, outcomes, writer } = this._options;
    await writer.idle();
    const uuids = rows.map(({ uuid }) => uuid);
    const there = await outboxes.remove(uuids);
    outcomes.tell({ kind: 'delivered', uuids: there });
  }
}

/** The namespace for Departure statics. */
export namespace Departure {
  /** Where the events of a page that is left are, and who may send them. */
  export interface IOptions {
    readonly handover: Handover;
    readonly leaving: Leaving;
    /** Whether a row may be sent at the moment. Default: all. */
    readonly mayLeave?: (row: IRow) => boolean;
    readonly outboxes: Pick<Outboxes, 'remove'>;
    readonly outcomes: Pick<Outcomes, 'tell'>;
    readonly tabs: ITabs;
    readonly transport: () => BatchTransport | null;
    readonly writer: OutboxWriter;
  }
}
