import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IPayload } from '../events/payload';

/** What became of an event so far. */
export type DeliveryState = 'waiting' | 'delivered' | 'set_aside' | 'dropped';

/** An event and what became of it. */
export interface ILogEntry {
  readonly payload: IPayload;
  /** The name of the notebook's file. */
  readonly file?: string;
  readonly state: DeliveryState;
  /** Why the event was set aside. */
  readonly reason?: string;
}

/** The most events kept for showing; older ones are still delivered. */
const MAX_ENTRIES = 5_000;
/** The most characters of text in the events kept for showing. */
const MAX_LENGTH = 20_000_000;

/** What the student sees: the events of this page and where they are. */
export class DeliveryLog {
  /** Emitted after every change. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Oldest first. */
  get entries(): IterableIterator<ILogEntry> {
    return this._entries.values();
  }

  get size(): number {
    return this._entries.size;
  }

  /** Whether a student had more events than are kept for showing. */
  hasForgotten(studentId: string | undefined): boolean {
    return this._forgotten.has(studentId);
  }

  /** Show nothing of what was up to now: somebody else may be looking. */
  clear(): void {
    this._entries.clear();
    this._forgotten.clear();
    this._length = 0;
    this._changed.emit();
  }

  add(payload: IPayload, file?: string): void {
    this._entries.set(payload.uuid, { payload, file, state: 'waiting' });
    this._length += lengthOf(payload.properties);
    while (this._entries.size > MAX_ENTRIES || this._length > MAX_LENGTH) {
      const [[uuid, oldest]] = this._entries;
      this._entries.delete(uuid);
      this._length -= lengthOf(oldest.payload.properties);
      this._forgotten.add(oldest.payload.student_id);
    }
    this._changed.emit();
  }

  /** Say what became of events. Events of other pages are not shown. */
  settle(
    uuids: ReadonlyArray<string>,
    state: DeliveryState,
    reason?: string
  ): void {
    for (const uuid of uuids) {
      const entry = this._entries.get(uuid);
      if (entry) {
        const { payload, file } = entry;
        this._entries.set(uuid, { payload, file, state, reason });
      }
    }
    this._changed.emit();
  }

  /** Show nothing of a student any more. */
  forget(studentId: string): void {
    for (const [uuid, { payload }] of this._entries) {
      if (payload.student_id === studentId) {
        this._entries.delete(uuid);
        this._length -= lengthOf(payload.properties);
      }
    }
    this._forgotten.delete(studentId);
    this._changed.emit();
  }

  private readonly _entries = new Map<string, ILogEntry>();
  private readonly _forgotten = new Set<string | undefined>();
  private _length = 0;
  private readonly _changed = new Signal<this, void>(this);
}

/** How many characters of text are in a value, however deep. */
function lengthOf(value: unknown): number {
  return typeof value === 'string'
    ? value.length
    : typeof value === 'object' && value !== null
      ? Object.values(value).reduce<number>(
          (sum, part) => sum + lengthOf(part),
          0
        )
      : 0;
}
