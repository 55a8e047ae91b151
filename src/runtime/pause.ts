import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import type { IClock } from '../delivery/clock';
import { removeAll } from '../identity/storagekeys';
import type { IPauseState, PauseKind, PausePolicy } from '../ui/rights';

/** How long a pause is, in milliseconds; one that is open ends when the student says so. */
const LENGTH_MS: Readonly<Record<PauseKind, number | null>> = {
  minutes15: 15 * 60_000,
  // Longer than any lesson: whoever forgets to go on is recorded again the next day.
  lesson: 3 * 3_600_000,
  open: null
};

/** A timer of browsers takes no longer, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The pause of the student at work: remembered in this browser, the same in all
 * its windows, and over by itself when its time is.
 */
export class Pause implements IDisposable {
  constructor(private readonly _options: Pause.IOptions) {
    window.addEventListener('storage', this);
    this.refresh();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Emitted when a pause has begun or ended, or is another one. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What the settings say of pauses. */
  get policy(): PausePolicy {
    return this._options.policy();
  }

  /** The pause, or null while there is none. */
  get state(): IPauseState | null {
    return this._state;
  }

  /** Take a pause. A kind that the settings do not allow is none. */
  begin(kind: PauseKind): void {
    const length = LENGTH_MS[kind];
    const { clock } = this._options;
    this._write({ kind, until: length === null ? null : clock.now() + length });
    this.refresh();
  }

  /** Go on. */
  end(): void {
    this._write(null);
    this.refresh();
  }

  /** The student, the settings or the time may be others. */
  refresh(): void {
    const state = this._allowed(this._read());
    this._cancel();
    if (state?.until) {
      const left = state.until - this._options.clock.now();
      this._cancel = this._options.clock.after(
        Math.min(left, LONGEST_TIMER_MS),
        () => this.refresh()
      );
    }
    if (JSON.stringify(state) !== JSON.stringify(this._state)) {
      this._state = state;
      this._changed.emit();
    }
  }

  handleEvent(event: StorageEvent): void {
    if (event.storageArea === this._options.storage) {
      this.refresh();
    }
  }

  /** Forget everybody's pause: somebody else may sit here. */
  handOver(): void {
    this._inPage.clear();
    removeAll(this._options.storage, this._prefix);
    this.refresh();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._cancel();
    window.removeEventListener('storage', this);
    Signal.clearData(this);
  }

  private _allowed(state: IPauseState | null): IPauseState | null {
    const isAllowed =
      this.policy === 'allowed' ||
      (this.policy === 'limited' && state?.kind === 'minutes15');
    const isOver =
      state?.until !== null && (state?.until ?? 0) <= this._options.clock.now();
    return isAllowed && !isOver ? state : null;
  }

  /** What is stored may have been written by anybody. */
  private _read(): IPauseState | null {
    const key = this._key;
    try {
      const text = key && this._options.storage?.getItem(key);
      const stored =
        text === null || text === undefined
          ? this._inPage.get(key ?? '')
          : (JSON.parse(text) as unknown);
      const { kind, until } = (stored ?? {}) as Record<string, unknown>;
      const length = Object.hasOwn(LENGTH_MS, String(kind))
        ? LENGTH_MS[kind as PauseKind]
        : undefined;
      const isRight =
        length === null
          ? until === null
          : length !== undefined &&
            typeof until === 'number' &&
            until <= this._options.clock.now() + length;
      return isRight ? ({ kind, until } as IPauseState) : null;
    } catch {
      return null;
    }
  }

  private _write(state: IPauseState | null): void {
    const key = this._key;
    if (key === null) {
      return;
    }
    const { storage } = this._options;
    this._inPage.delete(key);
    try {
      if (state) {
        storage?.setItem(key, JSON.stringify(state));
      } else {
        storage?.removeItem(key);
      }
      if (storage !== null) {
        return;
      }
    } catch {
      // A pause that is not remembered lasts as long as the page.
    }
    // Else a pause that is ended in another page would go on here.
    this._inPage.set(key, state);
  }

  private get _key(): string | null {
    const id = this._options.student();
    return id && this._prefix + id;
  }

  private get _prefix(): string {
    return `ipynb-telemetry:pause:${this._options.scope}:`;
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _inPage = new Map<string, IPauseState | null>();
  private _state: IPauseState | null = null;
  private _cancel: () => void = () => undefined;
  private _isDisposed = false;
}

/** The namespace for Pause statics. */
export namespace Pause {
  /** What a pause is made of. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    readonly clock: IClock;
    /** The id of the student at work, or null. */
    readonly student: () => string | null;
    readonly policy: () => PausePolicy;
  }
}
