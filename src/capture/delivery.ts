import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { DeliveryClient } from '../delivery/client';
import type { IDeliveryHealth } from '../delivery/health';
import { IndexedDBOutbox } from '../delivery/outbox/indexeddb';
import type { IUndelivered, Rewritten } from '../delivery/outbox/outboxes';
import { LocalStorageSpool } from '../delivery/outbox/spool';
import { BrowserTabs } from '../delivery/pages/browsertabs';
import type { IEndpoint } from '../delivery/sending/transport';
import { LOGGED_OUT } from '../delivery/sending/verdict';
import type { IRow, IWireEvent } from '../delivery/wire';
import type { IPayload } from '../events/payload';
import { DeliveryLog } from './log';
import { PostHogClient } from './posthog';
import type { loadPostHog } from './posthogjs';

/** The one way out: gives events to posthog-js, and sees them delivered. */
export class Delivery {
  constructor(options: Delivery.IOptions) {
    // Students who may not read each other's events have different databases.
    const name = `ipynb-telemetry:${options.scope}`;
    this._client = new DeliveryClient({
      ...options.destination,
      outbox:
        typeof indexedDB === 'undefined'
          ? undefined
          : new IndexedDBOutbox(name),
      spool: options.storage
        ? new LocalStorageSpool(name, options.storage)
        : undefined,
      tabs: makeTabs(name),
      // posthog-js names itself in the events of the page; an event of which it had no say names nobody.
      library: null,
      mayLeave: options.mayLeave,
      watchesRelay: () => this.watchesRelay(),
      observer: {
        delivered: uuids => this.log.settle(uuids, 'delivered'),
        setAside: (uuid, reason) => this._onSetAside(uuid, reason),
        dropped: uuids => this.log.settle(uuids, 'dropped'),
        lost: events => this._lost.emit(events),
        changed: () => this._healthChanged.emit(),
        moved: () => this._moved.emit()
      }
    });
    this._posthog = new PostHogClient(options.posthog, event => {
      void this._client.capture(event);
    });
    window.addEventListener('online', this);
    window.addEventListener('focus', this);
    document.addEventListener('visibilitychange', this);
  }

  /** Whether a relay is asked at the moment how it fares. Default: never. */
  watchesRelay: () => boolean = () => false;

  /** The events of this page, and what became of each. */
  readonly log = new DeliveryLog();

  /** How the delivery fares, in all pages. */
  get health(): IDeliveryHealth {
    return this._client.health;
  }

  /** Emitted when `health` changed. */
  get healthChanged(): ISignal<this, void> {
    return this._healthChanged;
  }

  /** Emitted in one page, with events that were given up because too many waited. */
  get lost(): ISignal<this, ReadonlyArray<IWireEvent>> {
    return this._lost;
  }

  /** Emitted when another page of this scope has another destination. */
  get moved(): ISignal<this, void> {
    return this._moved;
  }

  /** Send to another place from now on; null: keep everything until it is known where to. */
  set destination(destination: IEndpoint | null) {
    this._client.destination = destination;
  }

  /**
   * Deliver an event, however long that takes.
   *
   * @param file - the name of the notebook's file, to be shown in this page only
   */
  deliver(payload: IPayload, file?: string): void {
    this.log.add(payload, file);
    this._posthog.capture(payload);
  }

  /** Try again now, also what was refused. */
  sendNow(): Promise<void> {
    return this._client.sendNow();
  }

  /** What is not delivered, of all pages and earlier visits. */
  undelivered(): Promise<IUndelivered> {
    return this._client.undelivered();
  }

  /**
   * Forget a student: what waits in this browser, and what is shown.
   *
   * @returns how many events waited
   */
  async forget(studentId: string): Promise<number> {
    const count = await this._client.forget(
      ({ distinct_id }) => distinct_id === studentId
    );
    this.log.forget(studentId);
    return count;
  }

  /**
   * Have events that are not delivered be others from now on, under the same uuids.
   *
   * @param rewritten - given all of them, says what some become; null is given up
   */
  rewrite(rewritten: Rewritten): Promise<void> {
    return this._client.rewrite(rewritten);
  }

  /** The page is being left: hand the browser what is waiting. */
  leave(): void {
    this._client.leave();
  }

  /** The network or the student is back, or the student turns away. */
  handleEvent({ type }: Event): void {
    if (type === 'visibilitychange' && document.hidden) {
      this._client.hasten();
    } else if (type === 'focus') {
      // Perhaps from the window in which the student has logged in again.
      if (this.health.problem === LOGGED_OUT) {
        this._client.wake();
      }
    } else {
      this._client.wake();
    }
  }

  private _onSetAside(uuid: string, reason: string): void {
    console.error(`ipynb-telemetry: an event was refused: ${reason}`);
    this.log.settle([uuid], 'set_aside', reason);
  }

  private readonly _client: DeliveryClient;
  private readonly _posthog: PostHogClient;
  private readonly _healthChanged = new Signal<this, void>(this);
  private readonly _lost = new Signal<this, ReadonlyArray<IWireEvent>>(this);
  private readonly _moved = new Signal<this, void>(this);
}

/** Where the browser refuses its channels, a page is by itself: an event that two pages send has the same uuid. */
function makeTabs(name: string): BrowserTabs | undefined {
  try {
    return new BrowserTabs(name);
  } catch {
    return undefined;
  }
}

/** The namespace for Delivery statics. */
export namespace Delivery {
  /** What a delivery is made of. */
  export interface IOptions {
    /** Server and user: events of different ones are kept apart. */
    readonly scope: string;
    readonly destination: IEndpoint;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    /** Whether an event may be sent at the moment; others wait. Default: all. */
    readonly mayLeave?: (row: IRow) => boolean;
    readonly posthog: Awaited<ReturnType<typeof loadPostHog>>;
  }
}
