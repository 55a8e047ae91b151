import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { EventName, Properties } from '../../events/catalog';
import { CATALOG, isEventName } from '../../events/catalog';
import type { CatalogEvent, IOrigin } from '../../events/payload';
import { cleanJSON } from '../../events/text';
import { permittedError, runError } from '../celloutput';
import type { ITrackerContext, TrackerFactory } from '../tracker';
import { bufferedRun } from './bufferedrun';

/** The longest message, in UTF-16 code units of JSON. */
const MAX_MESSAGE_LENGTH = 100_000;
/** So many messages at once, and so many a second for ever. */
const RATE = { burst: 1_000, perSecond: 50 } as const;
/** The kernel keeps up to 1,000 events for us, and still reports what is queued then. */
const BUFFERED_RATE = { burst: 2_000, perSecond: 50 } as const;
/** A flood is over when nothing was dropped for so long, in milliseconds. */
const CALM_MS = 1_000;

/**
 * Test results and custom events from the kernel; also what it kept for us, runs
 * included, when a call in it came before anybody was tracked.
 */
export const kernelEventTracker: TrackerFactory = context =>
  new KernelEventTracker(context);

/**
 * Code in the kernel can send us anything. A message that does not fit is
 * dropped, with one warning a session for each kind of misfit.
 */
class KernelEventTracker implements IDisposable {
  constructor(private readonly _context: ITrackerContext) {
    _context.kernel.messages.connect(this._onMessage, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._tellDropped();
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onMessage(_: unknown, message: KernelMessage.ICommMsgMsg): void {
    try {
      this._read(message.content.data);
    } catch {
      // The message is no object at all, or nested deeper than the stack goes.
      this._warn('malformed');
    }
  }

  private _read(data: Record<string, unknown>): void {
    if (data.ready === true) {
      return;
    }
    const isBuffered = data.buffered === true;
    if (!(isBuffered ? this._buffered : this._usual).mayPass()) {
      this._onDropped();
      this._warn('too many at once');
      return;
    }
    if (JSON.stringify(data).length > MAX_MESSAGE_LENGTH) {
      this._warn('too long');
    } else if (typeof data.event !== 'string') {
      this._warn('without an event name');
    } else if (this._isOff(data.source)) {
      // The settings switch off tests of that origin.
    } else if (isBuffered) {
      this._readBuffered(data.event, data);
    } else {
      this._forward(data.event, data.properties);
    }
  }

  private _readBuffered(
    event: string,
    { properties, uuid, timestamp }: Record<string, unknown>
  ): void {
    if (this._taken.has(uuid)) {
      // A repeat is stored once, and has no number of its own.
      return;
    }
    this._taken.add(uuid);
    const origin = { uuid, timestamp };
    const told = (properties ?? {}) as Record<string, unknown>;
    if (event === 'cell_executed') {
      // Where the flag counts, this page reports every run itself.
      if (this._context.kernel.isCalled) {
        this._context.record({
          name: event,
          properties: bufferedRun(told, this._context),
          origin
        });
      }
    } else if (event === 'events_dropped') {
      const lost = { ...told, reason: 'rate' } as Properties<typeof event>;
      this._context.record({ name: event, properties: lost, origin });
    } else {
      this._forward(event, properties, origin);
    }
  }

  /** Tell of a whole flood in one event, when it has been calm for a moment. */
  private _onDropped(): void {
    this._dropped++;
    window.clearTimeout(this._calm);
    this._calm = window.setTimeout(() => this._tellDropped(), CALM_MS);
  }

  /** A loss is an event too, or nobody could tell it from no work. */
  private _tellDropped(): void {
    window.clearTimeout(this._calm);
    if (this._dropped > 0) {
      const count = this._dropped;
      this._dropped = 0;
      this._context.record({
        name: 'events_dropped',
        properties: { count, reason: 'rate' }
      });
    }
  }

  private _forward(name: string, properties: unknown, origin?: IOrigin): void {
    if (name === 'test_passed' || name === 'test_failed') {
      this._forwardTest(name, properties, origin);
    } else if (isEventName(name) && CATALOG[name].byCode) {
      const permitted = cleanJSON(this._permitted(name, properties));
      // The catalogue says whether they fit.
      const told = { name, properties: permitted, origin } as CatalogEvent;
      this._context.record(told);
    } else {
      this._context.record({ name, properties, origin, isCustom: true });
    }
  }

  private _forwardTest(
    name: 'test_passed' | 'test_failed',
    properties: unknown,
    origin?: IOrigin
  ): void {
    const { test, duration_ms, error } = (properties ?? {}) as Record<
      string,
      unknown
    >;
    if (typeof test !== 'string' || test === '') {
      this._warn('a test result without the name of the test');
      return;
    }
    const raised = (error ?? {}) as Record<string, unknown>;
    const result: Properties<typeof name> = {
      test: cleanJSON(test).slice(0, 200),
      attempt: this._context.counts.tests.next(test),
      duration_ms:
        typeof duration_ms === 'number' && duration_ms >= 0 ? duration_ms : 0,
      error: error
        ? permittedError(
            runError(raised.name, raised.value, raised.traceback),
            this._context.rules
          )
        : null
    };
    const told: CatalogEvent = { name, properties: result, origin };
    this._context.record(told);
  }

  /** Whether tests of that origin are switched off; those with a decorator have none. */
  private _isOff(source: unknown): boolean {
    return (
      typeof source === 'string' &&
      this._context.rules.disabledTestSources.has(source)
    );
  }

  /** The properties of an event without those that quote code, where no code may be sent. */
  private _permitted(name: EventName, properties: unknown): unknown {
    const permitted = { ...(properties as Record<string, unknown>) };
    if (!this._context.rules.captureCode) {
      const { quotesCode = [] } = CATALOG[name];
      quotesCode.forEach(property => delete permitted[property]);
    }
    return permitted;
  }

  private _warn(what: string): void {
    if (!this._warned.has(what)) {
      this._warned.add(what);
      console.warn(`ipynb-telemetry: kernel messages were dropped: ${what}`);
    }
  }

  private readonly _warned = new Set<string>();
  private readonly _usual = new Bucket(RATE);
  private readonly _buffered = new Bucket(BUFFERED_RATE);
  /** The uuids of what was buffered. */
  private readonly _taken = new Set<unknown>();
  private _calm = 0;
  private _dropped = 0;
  private _isDisposed = false;
}

/** Holds a burst and refills steadily. */
class Bucket {
  constructor(private readonly _rate: { burst: number; perSecond: number }) {
    this._tokens = _rate.burst;
  }

  mayPass(): boolean {
    const now = performance.now();
    const refill = ((now - this._filledAt) / 1000) * this._rate.perSecond;
    this._tokens = Math.min(this._rate.burst, this._tokens + refill);
    this._filledAt = now;
    if (this._tokens < 1) {
      return false;
    }
    this._tokens--;
    return true;
  }

  private _tokens: number;
  private _filledAt = performance.now();
}
