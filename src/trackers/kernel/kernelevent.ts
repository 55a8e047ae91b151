import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { cut } from '../../events/boundedtext';
import type { EventName, Properties } from '../../events/catalog';
import { CATALOG, isEventName } from '../../events/catalog';
import type { CatalogEvent, IOrigin } from '../../events/payload';
import { cleanJSON } from '../../events/text';
import { permittedError, runError } from '../celloutput';
import type { ITrackerContext, TrackerFactory } from '../tracker';
import { Bucket } from './bucket';
import { bufferedRun, MAX_ID } from './bufferedrun';
import { KernelLosses } from './losses';

/** The longest message, in UTF-16 code units of JSON. */
const MAX_MESSAGE_LENGTH = 100_000;
/** So many messages at once, and so many a second for ever. */
const RATE = { burst: 1_000, perSecond: 50 } as const;
/**
 * The kernel keeps up to 1,000 events for us, or sends them again, and still reports
 * what is queued then.
 */
const LATE_RATE = { burst: 2_000, perSecond: 50 } as const;
/** An event that comes so long after it happened, in milliseconds, is late. */
const LATE_MS = 500;
/** No event is older, in milliseconds: a year. */
const OLDEST_MS = 31_536_000_000;
/** Names of tests are cut behind so many UTF-16 code units. */
const MAX_NAME = 200;

/**
 * Test results and custom events from the kernel; also what it kept for us, runs
 * included, when a call in it came before anybody was tracked.
 */
export const kernelEventTracker: TrackerFactory = context =>
  new KernelEventTracker(context);

/**
 * Code in the kernel can send us anything. A message that does not fit is
 * dropped, with one warning a session for each kind of misfit. Of the kernel
 * side's own, which have a number, it is told that they are lost.
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
      this._losses.dispose();
      this._isDisposed = true;
      Signal.clearData(this);
    }
  }

  private _onMessage(_: unknown, message: KernelMessage.ICommMsgMsg): void {
    try {
      this._read(message.content.data);
    } catch {
      // The message is no object at all, or nested deeper than the stack goes.
      this._refuse('malformed', message.content.data);
    }
  }

  private _read(data: Record<string, unknown>): void {
    if (data.ready === true) {
      return;
    }
    const isBuffered = data.buffered === true;
    const isLate = isBuffered || Number(data.age_ms) >= LATE_MS;
    if (!(isLate ? this._late : this._usual).mayPass()) {
      this._losses.add('rate');
      this._warn('too many at once');
      return;
    }
    if (JSON.stringify(data).length > MAX_MESSAGE_LENGTH) {
      this._refuse('too long', data);
    } else if (typeof data.event !== 'string') {
      this._refuse('without an event name', data);
    } else if (this._isOff(data.source)) {
      // The settings switch off tests of that origin.
    } else if (isBuffered) {
      this._readBuffered(data.event, data);
    } else if (data.number !== undefined) {
      this._readNumbered(data.event, data);
    } else {
      this._forward(data.event, data.properties);
    }
  }

  /** An event that the kernel may have to send again, and so knows by a uuid. */
  private _readNumbered(
    event: string,
    { properties, uuid, age_ms }: Record<string, unknown>
  ): void {
    // By this page's clock: that of the kernel may be another.
    const age =
      typeof age_ms === 'number' && age_ms > 0
        ? Math.min(age_ms, OLDEST_MS)
        : 0;
    const timestamp = new Date(Date.now() - age).toISOString();
    const origin = this._origin(uuid, timestamp);
    if (event === 'events_dropped') {
      this._recordLoss(properties, origin);
    } else {
      this._forward(event, properties, origin);
    }
  }

  private _readBuffered(
    event: string,
    { properties, uuid, timestamp }: Record<string, unknown>
  ): void {
    const origin = this._origin(uuid, timestamp);
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
      this._recordLoss(told, origin);
    } else {
      this._forward(event, properties, origin);
    }
  }

  /** The kernel could not keep as many events as there were. */
  private _recordLoss(told: unknown, origin: IOrigin): void {
    const name = 'events_dropped';
    const { count } = (told ?? {}) as Properties<typeof name>;
    const properties = { count, reason: 'rate' } as const;
    this._context.record({ name, properties, origin });
  }

  /** Where an event of the kernel side comes from: one that is refused is missing. */
  private _origin(uuid: unknown, timestamp: unknown): IOrigin {
    const onRefused = (): void => this._losses.add('invalid');
    return { uuid, timestamp, onRefused };
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
    const { test, cell_id, duration_ms, error } = (properties ?? {}) as Record<
      string,
      unknown
    >;
    if (typeof test !== 'string' || test === '') {
      this._warn('a test result without the name of the test');
      origin?.onRefused?.();
      return;
    }
    const raised = (error ?? {}) as Record<string, unknown>;
    const known = cut(cleanJSON(test), MAX_NAME).text;
    const result: Properties<typeof name> = {
      test: known,
      cell_id: this._cellOf(cell_id),
      attempt: this._context.counts.tests.next(known),
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

  /**
   * The id, in events, of a cell that the kernel names; kernel sides of older versions
   * name none. A text that is no cell's id is cleaned like any other.
   */
  private _cellOf(told: unknown): string | null {
    if (typeof told !== 'string' || told.length > MAX_ID) {
      return null;
    }
    const { cell_id, cell_index } = this._context.placeOf(told || null);
    return cell_index < 0 ? cleanJSON(cell_id) : cell_id;
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

  private _refuse(what: string, data: unknown): void {
    this._warn(what);
    if ((data as Record<string, unknown> | undefined)?.number !== undefined) {
      this._losses.add('invalid');
    }
  }

  private _warn(what: string): void {
    if (!this._warned.has(what)) {
      this._warned.add(what);
      console.warn(`ipynb-telemetry: kernel messages were dropped: ${what}`);
    }
  }

  private readonly _warned = new Set<string>();
  private readonly _usual = new Bucket(RATE);
  private readonly _late = new Bucket(LATE_RATE);
  private readonly _losses = new KernelLosses((count, reason) =>
    this._context.record({
      name: 'events_dropped',
      properties: { count, reason }
    })
  );
  private _isDisposed = false;
}
