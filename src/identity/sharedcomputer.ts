import type { IDisposable } from '@lumino/disposable';

/** A computer that nobody has touched for so long may have another student before it, in milliseconds. */
const IDLE_MS = 30 * 60_000;
/** How often it is looked at the time, in milliseconds. */
const LOOK_MS = 30_000;
/** A sign of work that comes sooner after another one is not written down, in milliseconds. */
const WRITE_MS = 10_000;

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/**
 * Notices that another student may sit at a computer that students share: no page
 * of this browser has seen a key or a move of the mouse for half an hour.
 */
export class SharedComputer implements IDisposable {
  constructor(private readonly _options: SharedComputer.IOptions) {
    this._key = `ipynb-telemetry:working:${_options.scope}`;
    for (const sign of SIGNS) {
      window.addEventListener(sign, this, { capture: true, passive: true });
    }
    // A computer that slept tells of it here.
    window.addEventListener('focus', this, true);
    document.addEventListener('visibilitychange', this);
    this._lookLater();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** A sign of work, which may be the first after a long time. */
  handleEvent(event: Event): void {
    this._look();
    if (event.type !== 'visibilitychange' && event.type !== 'focus') {
      const now = Date.now();
      if (now - this._written > WRITE_MS) {
        this._written = now;
        this._write(now);
      }
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._cancel();
    for (const sign of SIGNS) {
      window.removeEventListener(sign, this, true);
    }
    window.removeEventListener('focus', this, true);
    document.removeEventListener('visibilitychange', this);
  }

  private _look(): void {
    const last = Math.max(this._written, this._read());
    if (Date.now() - last > IDLE_MS) {
      this._written = Date.now();
      this._write(this._written);
      this._options.idle();
    }
  }

  private _lookLater(): void {
    this._cancel = this._options.after(LOOK_MS, () => {
      this._look();
      this._lookLater();
    });
  }

  /** When any page of this browser saw a sign of work: somebody else may have written it. */
  private _read(): number {
    try {
      const time = Number(this._options.storage?.getItem(this._key));
      return Number.isFinite(time) && time <= Date.now() ? time : 0;
    } catch {
      return 0;
    }
  }

  private _write(time: number): void {
    try {
      this._options.storage?.setItem(this._key, String(time));
    } catch {
      // This page still knows of its own signs.
    }
  }

  private readonly _key: string;
  /** When this page last wrote a sign down; the page itself is opened by somebody. */
  private _written = Date.now();
  private _cancel = (): void => undefined;
  private _isDisposed = false;
}

/** The namespace for SharedComputer statics. */
export namespace SharedComputer {
  /** What a shared computer is watched with. */
  export interface IOptions {
    /** Server base URL and hub user, as of the identity. */
    readonly scope: string;
    /** The browser's `localStorage`; null where it is forbidden. */
    readonly storage: Storage | null;
    /** Calls back later; the function that is returned calls that off. */
    readonly after: (ms: number, callback: () => void) => () => void;
    /** Called when half an hour went by without a sign of work. */
    readonly idle: () => void;
  }
}

/**
 * Tell whether this page begins a browser session: the tab was not just loaded
 * anew, and no other tab with a page of ours is open. From now on this page is one.
 *
 * @param scope - server base URL and hub user, as of the identity
 */
export async function beginsBrowserSession(scope: string): Promise<boolean> {
  const name = `ipynb-telemetry:page:${scope}`;
  const isReloaded = isMarked(name);
  // Pages that are served without TLS have no locks: each new tab asks then.
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks) {
    return !isReloaded;
  }
  try {
    const { held = [] } = await locks.query();
    const isAlone = !held.some(lock => lock.name === name);
    // The lock goes with the page.
    void locks
      .request(name, { mode: 'shared' }, () => new Promise(() => undefined))
      .catch(() => undefined);
    return isAlone && !isReloaded;
  } catch {
    return !isReloaded;
  }
}

/** Whether this tab has had a page of ours; from now on it has. */
function isMarked(name: string): boolean {
  try {
    const isMarked = window.sessionStorage.getItem(name) !== null;
    window.sessionStorage.setItem(name, '1');
    return isMarked;
  } catch {
    return false;
  }
}
