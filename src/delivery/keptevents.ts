import type { HealthMonitor } from './health.js';
import type { Handover } from './outbox/handover.js';
import type { Leaving } from './outbox/leaving.js';
import type { IUndelivered, Outboxes, Rewritten } from './outbox/outboxes.js';
import type { OutboxWriter } from './outbox/writer.js';
import type { Outcomes } from './outcomes.js';
import type { IWireEvent } from './wire.js';

/** The events that are not delivered, of all pages and earlier visits: read, given up, or changed. */
export class KeptEvents {
  constructor(private readonly _options: KeptEvents.IOptions) {}

  /** The events, to be looked at or saved. */
  async read(): Promise<IUndelivered> {
    const { outboxes, writer } = this._options;
    await writer.idle();
    return outboxes.undelivered();
  }

  /**
   * Give up the events that are meant: none of them is kept here or sent from now on.
   *
   * @returns how many there were
   */
  async forget(isMeant: (event: IWireEvent) => boolean): Promise<number> {
    await this._gather();
    const uuids = await this._options.outboxes.forget(isMeant);
    this._end(uuids);
    return uuids.length;
  }

  /**
   * Have events be others from now on, under the same uuids.
   *
   * @param rewritten - given all events, says what some of them become; null is given up,
   * unless there are events that cannot be read
   */
  async rewrite(rewritten: Rewritten): Promise<void> {
    await this._gather();
    const { leaving, outboxes } = this._options;
    const { waiting, setAside } = await outboxes.undelivered();
    const changes = rewritten([
      ...waiting,
      ...setAside.map(({ event }) => event)
    ]);
    // The beginning of a session may be where nothing can be read at the moment.
    const isComplete = await outboxes.areReadable();
    await outboxes.rewrite(changes);
    // The events as this page remembers them, or another page hands them on, are out of date.
    leaving.settle([...changes.keys()]);
    this._end(
      await outboxes.forget(
        ({ uuid }) => isComplete && changes.get(uuid) === null
      )
    );
  }

  /** Store the events that pages hold which were left, and wait for those being written. */
  private async _gather(): Promise<void> {
    const { handover, writer } = this._options;
    handover.adopt(handover.take());
    await writer.idle();
  }

  private _end(uuids: ReadonlyArray<string>): void {
    const { handover, monitor, outcomes } = this._options;
    // Nobody is to be told of a loss: nothing was lost.
    outcomes.tell({ kind: 'dropped', uuids });
    handover.hold();
    monitor.refresh();
  }
}

/** The namespace for KeptEvents statics. */
export namespace KeptEvents {
  /** Where events are kept, and who knows of them. */
  export interface IOptions {
    readonly handover: Handover;
    readonly leaving: Leaving;
    readonly monitor: HealthMonitor;
    readonly outboxes: Outboxes;
    readonly outcomes: Outcomes;
    readonly writer: OutboxWriter;
  }
}
