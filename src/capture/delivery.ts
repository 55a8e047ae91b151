import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IUndelivered } from '../delivery/client';
import { DeliveryClient } from '../delivery/client';
import type { IDeliveryHealth } from '../delivery/health';
import { IndexedDBOutbox } from '../delivery/outbox/indexeddb';
import { LocalStorageSpool } from '../delivery/outbox/spool';
import { BrowserTabs } from '../delivery/pages/browsertabs';
import type { IEndpoint } from '../delivery/sending/transport';
import type { EventName, Properties } from '../events/catalog';
import type { IOrigin, IPayload } from '../events/payload';
import {
  buildCustomPayload,
  buildPayload,
  InvalidEventError
} from '../events/payload';
import type { ISession } from '../events/session';
import { DeliveryLog } from './log';
import type { ILoss } from './losses';
import { tally } from './losses';
import { PostHogClient } from './posthog';
import type { loadPostHog } from './posthogjs';

/** The most different reasons told in one page. */
const MAX_WARNINGS = 50;

/**
 * The one way out: builds the event, gives it to posthog-js, and sees it
 * delivered.
 */
export class Delivery {
  constructor(private readonly _options: Delivery.IOptions) {
    // Who may not read each other's events have different databases.
    const name = `ipynb-telemetry:${_options.scope}`;
    this._client = new DeliveryClient({
      ..._options.destination,
      outbox:
        typeof indexedDB === 'undefined'
          ? undefined
          : new IndexedDBOutbox(name),
      spool: _options.storage
        ? new LocalStorageSpool(name, _options.storage)
        : undefined,
      tabs: makeTabs(name),
      watchesRelay: _options.watchesRelay,
      observer: {
        delivered: uuids => this.log.settle(uuids, 'delivered'),
        setAside: (uuid, reason) => this._onSetAside(uuid, reason),
        dropped: uuids => this.log.settle(uuids, 'dropped'),
        lost: events =>
          tally(events).forEach(loss => this._options.onLoss(loss)),
        changed: () => this._healthChanged.emit(),
        moved: () => _options.onMoved()
      }
    });
    this._posthog = new PostHogClient(_options.posthog, event => {
      void this._client.capture(event);
    });
    window.addEventListener('online', this);
    document.addEventListener('visibilitychange', this);
  }

  /** What was captured in this page and what became of it. */
  readonly log = new DeliveryLog();

  /** How the delivery fares, in all pages. */
  get health(): IDeliveryHealth {
    return this._client.health;
  }

  /** Emitted when `health` changed. */
  get healthChanged(): ISignal<this, void> {
    return this._healthChanged;
  }

  /** Emitted for every event that was accepted. */
  get captured(): ISignal<this, IPayload> {
    return this._captured;
  }

  /** Send to another place from now on; null: keep everything until it is known where to. */
  set destination(destination: IEndpoint | null) {
    this._client.destination = destination;
  }

  /** Capture an event of the catalogue. Never throws. */
  capture<E extends EventName>(
    session: ISession,
    event: E,
    properties: Properties<E>,
    origin?: IOrigin
  ): boolean {
    return this._accept(() => buildPayload(session, event, properties, origin));
  }

  /** Capture any other event. Never throws. */
  captureCustom(
    session: ISession,
    name: string,
    properties: unknown,
    origin?: IOrigin
  ): boolean {
    return this._accept(() =>
      buildCustomPayload(session, name, properties, origin)
    );
  }

  /** Try again now, also what was refused. */
  sendNow(): Promise<void> {
    return this._client.sendNow();
  }

  /** What is not delivered, of all pages and earlier visits. */
  undelivered(): Promise<IUndelivered> {
    return this._client.undelivered();
  }

  /** The page is being left: hand the browser what is waiting. */
  leave(): void {
    this._client.leave();
  }

  /** The network or the student is back, or the student turns away. */
  handleEvent({ type }: Event): void {
    if (type === 'visibilitychange' && document.hidden) {
      this._client.hasten();
    } else {
      this._client.wake();
    }
  }

  private _onSetAside(uuid: string, reason: string): void {
    console.error(`ipynb-telemetry: an event was refused: ${reason}`);
    this.log.settle([uuid], 'set_aside', reason);
  }

  private _accept(build: () => IPayload): boolean {
    try {
      const payload = build();
      this.log.add(payload);
      this._posthog.capture(payload);
      this._captured.emit(payload);
      return true;
    } catch (reason) {
      // Telemetry never breaks the lesson.
      this._warn(
        reason instanceof InvalidEventError ? reason.message : String(reason)
      );
      return false;
    }
  }

  /** A loop in a notebook may try the same a thousand times: it is told once. */
  private _warn(reason: string): void {
    if (!this._warned.has(reason) && this._warned.size < MAX_WARNINGS) {
      this._warned.add(reason);
      console.warn(`ipynb-telemetry: an event was not captured: ${reason}`);
    }
  }

  private readonly _warned = new Set<string>();
  private readonly _client: DeliveryClient;
  private readonly _posthog: PostHogClient;
  private readonly _captured = new Signal<this, IPayload>(this);
  private readonly _healthChanged = new Signal<this, void>(this);
}

/** Where the browser refuses, a page is by itself: what two send has the same uuid. */
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
    readonly posthog: Awaited<ReturnType<typeof loadPostHog>>;
    /** Whether a relay is asked at the moment how it fares. Default: never. */
    readonly watchesRelay?: () => boolean;
    /** Told when events are given up because too many waited. */
    readonly onLoss: (loss: ILoss) => void;
    /** Told when another page of this scope has another destination. */
    readonly onMoved: () => void;
  }
}
