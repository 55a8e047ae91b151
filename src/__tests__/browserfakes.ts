/** Channels between pages, as a browser has them and jsdom has not. */
export class FakeChannel extends EventTarget {
  constructor(readonly name: string) {
    super();
    FakeChannel.open.add(this);
  }

  /** Those that were not closed; to clear it is another browser, which these do not reach. */
  static readonly open = new Set<FakeChannel>();

  postMessage(data: unknown): void {
    if (this._isClosed) {
      throw new DOMException('closed', 'InvalidStateError');
    }
    const isHere = FakeChannel.open.has(this);
    for (const channel of FakeChannel.open) {
      if (isHere && channel !== this && channel.name === this.name) {
        channel.dispatchEvent(new MessageEvent('message', { data }));
      }
    }
  }

  close(): void {
    this._isClosed = true;
    FakeChannel.open.delete(this);
  }

  private _isClosed = false;
}

type Work = () => Promise<void>;

/** Web Locks, first come, first served. */
export class FakeLocks {
  private readonly _lines = new Map<string, Promise<void>>();

  /** Who stands in line. */
  private readonly _pending: { name: string }[] = [];

  /** How many hold a lock or stand in line. */
  count = 0;

  query(): Promise<{ pending: { name: string }[] }> {
    return Promise.resolve({ pending: [...this._pending] });
  }

  async request(
    name: string,
    { signal }: { signal: AbortSignal },
    work: Work
  ): Promise<void> {
    const before = this._lines.get(name);
    let leave: () => void = () => undefined;
    const left = new Promise<void>(resolve => {
      leave = resolve;
    });
    this._lines.set(
      name,
      (before ?? Promise.resolve()).then(() => left)
    );
    this.count++;
    const place = { name };
    this._pending.push(place);
    const leaveLine = (): void => {
      this._pending.splice(this._pending.indexOf(place), 1);
    };
    try {
      await Promise.race([before, rejected(signal)]).finally(leaveLine);
      await work();
    } finally {
      this.count--;
      leave();
    }
  }
}

/** Rejects when the signal does. */
function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new DOMException('', 'AbortError'));
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener('abort', abort);
  });
}

/** Put the page in front, or out of sight. */
export function show(isShown: boolean): void {
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    value: !isShown
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** The page goes into the browser's back/forward cache, or comes out of it. */
export function turn(type: 'pagehide' | 'pageshow', persisted = true): void {
  const event = new Event(type);
  globalThis.dispatchEvent(Object.assign(event, { persisted }));
}
