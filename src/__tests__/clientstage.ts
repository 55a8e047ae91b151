import { gunzipSync } from 'node:zlib';
import type { IDeliveryObserver } from '../delivery/outcomes';
import { DeliveryClient } from '../delivery/client';
import { MemoryOutbox } from '../delivery/outbox/outbox';
import type { ILeader, ITabs, TabMessage } from '../delivery/pages/tabs';
import type { IWireEvent } from '../delivery/wire';
import { FakeClock } from './deliverystage';

// This and what it imports runs in plain Node, as the delivery does.

/** The other end. */
export class FakeServer {
  /** The uuids of each request, in order. */
  readonly batches: string[][] = [];
  readonly events: IWireEvent[] = [];
  readonly requests: [url: string, init: RequestInit][] = [];
  /** The status it answers with; it may take its time. */
  answer: (uuids: ReadonlyArray<string>) => number | Promise<number> = () =>
    200;

  /** What a relay says of itself. */
  status: () => unknown = () => ({});
  /** How often it was asked. */
  statuses = 0;
  /** How often it was told to try now. */
  retries = 0;

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    if (url.endsWith('/status')) {
      if (init.method === 'POST') {
        this.retries++;
      } else {
        this.statuses++;
      }
      return Promise.resolve(Response.json(this.status()));
    }
    // Within this turn: a page that is being left has no other.
    this.requests.push([url, init]);
    return this._take(init);
  };

  private async _take({ body }: RequestInit): Promise<Response> {
    const text =
      typeof body === 'string'
        ? body
        : gunzipSync(Buffer.from(await (body as Blob).arrayBuffer()));
    const { batch } = JSON.parse(String(text)) as { batch: IWireEvent[] };
    const uuids = batch.map(({ uuid }) => uuid);
    this.batches.push(uuids);
    this.events.push(...batch);
    const status = await this.answer(uuids);
    return new Response('{"status": 1}', { status, statusText: 'by the test' });
  }
}

/** The pages of one browser, without a browser. */
export class FakeTabs implements ITabs {
  /** @param _all - the pages so far; the first in line leads */
  constructor(private readonly _all: FakeTabs[]) {
    _all.push(this);
  }

  onMessage: (message: TabMessage) => void = () => undefined;
  /** What this page told the others. */
  readonly posted: TabMessage[] = [];

  get isLeading(): boolean {
    return this._all.find(({ _leader }) => _leader !== null) === this;
  }

  lead(leader: ILeader): void {
    this._leader = leader;
    if (this.isLeading) {
      leader.start();
    }
  }

  async rest(): Promise<void> {
    if (this._all.length === 1) {
      return;
    }
    const leader = this._leader;
    this._leader = null;
    await leader?.stop();
    // Last in line from now on.
    this._all.push(...this._all.splice(this._all.indexOf(this), 1));
    this._leader = leader;
    this._all.find(({ isLeading }) => isLeading)?._leader?.start();
  }

  post(message: TabMessage): void {
    this.posted.push(message);
    const text = JSON.stringify(message);
    this._all
      .filter(tab => tab !== this)
      .forEach(tab => {
        // In a turn of its own, as in a browser.
        void Promise.resolve().then(() =>
          tab.onMessage(JSON.parse(text) as TabMessage)
        );
      });
  }

  async close(): Promise<void> {
    const begin = this._leaveLine();
    await this._leader?.stop();
    begin();
  }

  /** The page ends, and nothing of it goes on. */
  end(): void {
    this._leaveLine()();
  }

  /** @returns lets the next in line begin, if this page led */
  private _leaveLine(): () => void {
    const wasLeading = this.isLeading;
    this._all.splice(this._all.indexOf(this), 1);
    return () => {
      if (wasLeading) {
        this._all.find(({ isLeading }) => isLeading)?._leader?.start();
      }
    };
  }

  private _leader: ILeader | null = null;
}

/** Remembers what became of events. */
export class ClientObserver implements IDeliveryObserver {
  readonly deliveries: string[] = [];
  readonly asides: [uuid: string, reason: string][] = [];
  readonly drops: string[] = [];
  readonly losses: IWireEvent[] = [];
  changes = 0;
  moves = 0;

  delivered(uuids: ReadonlyArray<string>): void {
    this.deliveries.push(...uuids);
  }

  setAside(uuid: string, reason: string): void {
    this.asides.push([uuid, reason]);
  }

  dropped(uuids: ReadonlyArray<string>): void {
    this.drops.push(...uuids);
  }

  lost(events: ReadonlyArray<IWireEvent>): void {
    this.losses.push(...events);
  }

  changed(): void {
    this.changes++;
  }

  moved(): void {
    this.moves++;
  }
}

/** A client and everything around it. */
export class ClientStage {
  constructor(options: Partial<DeliveryClient.IOptions> = {}) {
    this.clock = (options.clock as FakeClock | undefined) ?? new FakeClock();
    this.client = new DeliveryClient({
      host: 'http://collector.example',
      key: 'phc_x',
      fetch: this.server.fetch,
      outbox: this.outbox,
      observer: this.observer,
      clock: this.clock,
      ...options
    });
  }

  readonly clock: FakeClock;
  readonly server = new FakeServer();
  readonly outbox = new MemoryOutbox();
  readonly observer = new ClientObserver();
  readonly client: DeliveryClient;

  capture(...uuids: string[]): Promise<void[]> {
    return Promise.all(
      uuids.map(uuid =>
        this.client.capture({ uuid, event: 'blur', distinct_id: 'JOHN_DOE' })
      )
    );
  }
}
