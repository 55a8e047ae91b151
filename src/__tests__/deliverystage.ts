import { setImmediate as turn } from 'node:timers/promises';
import type { IClock } from '../delivery/clock';
import type { IDeliveryHealth } from '../delivery/health';
import { MemoryOutbox } from '../delivery/outbox/outbox';
import type { IDispatcherObserver } from '../delivery/sending/observer';
import { Dispatcher } from '../delivery/sending/dispatcher';
import type { SendResult } from '../delivery/sending/answer';
import type { IEventTransport } from '../delivery/sending/transport';
import type { IRow, IWireEvent } from '../delivery/wire';
import { fromRow, toRow } from '../delivery/wire';

// This file and what it imports run in plain Node, as the delivery does.

/** Nothing happened yet. */
export const HEALTHY: IDeliveryHealth = {
  waiting: 0,
  delivered: 0,
  setAside: 0,
  refusals: [],
  dropped: 0,
  lastContact: null,
  nextAttempt: null,
  problem: null,
  isDurable: true,
  relay: null
};

export const ACCEPTED: SendResult = { status: 'accepted' };
export const RETRY: SendResult = { status: 'retry', reason: 'down' };

/** Everything that can go on without the clock has gone on. */
export async function settled(): Promise<void> {
  await turn();
}

/** A clock that goes only when it is told to. */
export class FakeClock implements IClock {
  /** How many things are still to be done. */
  get timers(): number {
    return this._timers.size;
  }

  now(): number {
    return this._now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { due: this._now + ms, work };
    this._timers.add(timer);
    return () => void this._timers.delete(timer);
  }

  /** How late everything is done, as in a busy page; in milliseconds. */
  lag = 0;

  /** Let time pass, and everything happen that is due in it. */
  async advance(ms: number): Promise<void> {
    const end = this._now + ms;
    await settled();
    for (;;) {
      const [next] = [...this._timers].sort((a, b) => a.due - b.due);
      if (next === undefined || next.due + this.lag > end) {
        break;
      }
      this._timers.delete(next);
      this._now = next.due + this.lag;
      next.work();
      await settled();
    }
    this._now = end;
  }

  private readonly _timers = new Set<{ due: number; work: () => void }>();
  private _now = Date.UTC(2024, 0, 2, 3, 4, 5);
}

/** A way out whose other end the test plays. */
export class FakeTransport implements IEventTransport {
  /** Each batch that was sent, in order. */
  readonly sent: ReadonlyArray<IRow>[] = [];
  /** How many requests were under way at the same time, at most. */
  peak = 0;

  /** @param answer - what becomes of a batch; it may take its time */
  constructor(
    public answer: (
      uuids: ReadonlyArray<string>,
      batch: ReadonlyArray<IRow>
    ) => SendResult | Promise<SendResult> = () => ACCEPTED
  ) {}

  /** The uuids of each batch. */
  get batches(): string[][] {
    return this.sent.map(batch => batch.map(({ uuid }) => uuid));
  }

  async send(batch: ReadonlyArray<IRow>): Promise<SendResult> {
    this.sent.push(batch);
    this.peak = Math.max(this.peak, ++this._underWay);
    const uuids = batch.map(({ uuid }) => uuid);
    const result = await this.answer(uuids, batch);
    this._underWay--;
    return result;
  }

  private _underWay = 0;
}

/** Remembers what a dispatcher told, each time it told it. */
export class FakeObserver implements IDispatcherObserver {
  readonly deliveries: string[] = [];
  readonly asides: [uuid: string, reason: string][] = [];
  readonly drops: string[][] = [];
  readonly states: [problem: string | null, nextAttempt: number | null][] = [];
  /** How often it told that the outbox cannot be read. */
  unreadables = 0;

  /** The problems told, without those told a second time. */
  get problems(): (string | null)[] {
    return this.states
      .map(([problem]) => problem)
      .filter((problem, index, all) => problem !== (all[index - 1] ?? null));
  }

  delivered(uuids: ReadonlyArray<string>): void {
    this.deliveries.push(...uuids);
  }

  setAside(uuid: string, reason: string): void {
    this.asides.push([uuid, reason]);
  }

  dropped(rows: ReadonlyArray<IRow>): void {
    this.drops.push(rows.map(({ uuid }) => uuid));
  }

  unreadable(): void {
    this.unreadables++;
  }

  state(problem: string | null, nextAttempt: number | null): void {
    this.states.push([problem, nextAttempt]);
  }
}

/** A dispatcher and everything around it; it has not been started. */
export class DispatcherStage {
  constructor(
    options: Partial<
      Pick<Dispatcher.IOptions, 'transport' | 'maxRetries' | 'limits'>
    > = {}
  ) {
    const { clock, observer, outbox, transport } = this;
    this.dispatcher = new Dispatcher({
      clock,
      observer,
      outbox,
      transport,
      ...options
    });
  }

  readonly clock = new FakeClock();
  readonly observer = new FakeObserver();
  readonly outbox = new MemoryOutbox();
  readonly transport = new FakeTransport();
  readonly dispatcher: Dispatcher;

  /** Add events as one burst, and say so. */
  enqueue(...uuids: string[]): void {
    void this.outbox.add(uuids.map(uuid => row(uuid)));
    this.dispatcher.notify();
  }

  /** The uuids of what waits. */
  async waiting(): Promise<string[]> {
    return uuidsOf(await this.outbox.peek(100_000));
  }

  /** An answer that comes after a while. */
  later(ms: number, result: SendResult = ACCEPTED): Promise<SendResult> {
    return new Promise(resolve => {
      this.clock.after(ms, () => resolve(result));
    });
  }
}

export function wireEvent(uuid: string, padding = 0): IWireEvent {
  return {
    uuid,
    event: 'blur',
    distinct_id: 'JOHN_DOE',
    timestamp: '2024-01-02T03:04:05.678Z',
    properties: { padding: 'x'.repeat(padding) }
  };
}

export function row(uuid: string, padding = 0): IRow {
  return toRow(wireEvent(uuid, padding));
}

/** Names that sort in the order they are numbered. */
export function range(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `e${10_000 + i}`);
}

export function uuidsOf(rows: ReadonlyArray<{ uuid: string }>): string[] {
  return rows.map(({ uuid }) => uuid);
}

export function propertiesOf(of: IRow): Readonly<Record<string, unknown>> {
  return fromRow(of).properties;
}
