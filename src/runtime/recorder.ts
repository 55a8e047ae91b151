import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Delivery } from '../capture/delivery';
import { tally } from '../capture/losses';
import type { IWireEvent } from '../delivery/wire';
import type { CapturedEvent, IOrigin, IPayload } from '../events/payload';
import { buildPayload, InvalidEventError } from '../events/payload';
import type { ISession } from '../events/session';
import type { StudentIdentity } from '../identity/identity';
import type { Gate } from './gate';
import type { ITelemetrySettings } from './settings';

/** The most different reasons told in one page. */
const MAX_WARNINGS = 50;

/**
 * Records events as far as the settings allow it and the student agreed to it:
 * builds each event and hands it to the delivery.
 */
export class Recorder {
  constructor(private readonly _options: Recorder.IOptions) {
    const { delivery, identity } = _options;
    delivery.lost.connect(this._onLost, this);
    identity.changed.connect(this._onIdentityChanged, this);
    this._onIdentityChanged();
  }

  /** What events may hold, by the settings of the moment. */
  get rules(): ITelemetrySettings {
    return this._options.settings.values;
  }

  /** Emitted for every event that was accepted. */
  get recorded(): ISignal<this, IPayload> {
    return this._recorded;
  }

  /**
   * Record an event of a session. Never throws.
   *
   * @returns whether the event was accepted: false when its name is switched
   * off, when the gate is closed or the event happened while the student declined,
   * and when the event is malformed, of which a console warning tells
   */
  record(session: ISession, event: CapturedEvent): boolean {
    return (
      this._options.gate.reasonFor(session.course) === null &&
      this._isAgreedTo(session, event.origin) &&
      this.tell(session, event)
    );
  }

  /**
   * Record an event as `record` does, whatever the gate says: of an answer, or of
   * a pause, it is told that the gate is closed.
   */
  tell(session: ISession, event: CapturedEvent): boolean {
    if (this.rules.disabledEvents.has(event.name)) {
      return false;
    }
    try {
      const payload = buildPayload(session, event);
      this._options.delivery.deliver(payload, session.file, session.course);
      this._recorded.emit(payload);
      return true;
    } catch (reason) {
      // Telemetry never breaks the lesson.
      this._warn(
        reason instanceof InvalidEventError ? reason.message : String(reason)
      );
      event.origin?.onRefused?.();
      return false;
    }
  }

  /** Events that a kernel kept while the student had declined are for nobody. */
  private _isAgreedTo(
    { course }: ISession,
    origin: IOrigin | undefined
  ): boolean {
    const { sinceOf } = this._options;
    const since = course === undefined ? 0 : (sinceOf?.(course) ?? 0);
    return !(
      origin &&
      Date.parse(String(origin.timestamp)) < Math.max(this._agreedAt, since)
    );
  }

  private _onIdentityChanged(): void {
    const { declined, student } = this._options.identity;
    if (declined) {
      this._agreedAt = Infinity;
    } else if (student && this._agreedAt === Infinity) {
      this._agreedAt = Date.now();
    }
  }

  /** A loss is an event of the session that it befell. */
  private _onLost(_: unknown, events: ReadonlyArray<IWireEvent>): void {
    for (const { session, properties } of tally(events)) {
      this.record(session, { name: 'events_dropped', properties });
    }
  }

  /** A loop in a notebook may try the same a thousand times: the reason is told once. */
  private _warn(reason: string): void {
    if (!this._warned.has(reason) && this._warned.size < MAX_WARNINGS) {
      this._warned.add(reason);
      console.warn(`ipynb-telemetry: an event was not captured: ${reason}`);
    }
  }

  private readonly _warned = new Set<string>();
  private readonly _recorded = new Signal<this, IPayload>(this);
  /** When the student thought better of declining, by `Date.now()`. */
  private _agreedAt = -Infinity;
}

/** The namespace for Recorder statics. */
export namespace Recorder {
  /** What a recorder is made of. */
  export interface IOptions {
    readonly delivery: {
      /** Delivers an event of a course, or keeps it for an answer. */
      deliver(payload: IPayload, file?: string, course?: string): void;
      readonly lost: Delivery['lost'];
    };
    /** What happened in a course before this is for nobody, in milliseconds since 1970. */
    readonly sinceOf?: (course: string) => number;
    readonly gate: Pick<Gate, 'reasonFor'>;
    readonly identity: Pick<
      StudentIdentity,
      'changed' | 'declined' | 'student'
    >;
    readonly settings: { readonly values: ITelemetrySettings };
  }
}
