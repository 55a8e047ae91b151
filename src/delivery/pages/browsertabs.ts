import { PageCache } from '../pagecache.js';
import { isEventRow } from '../wire.js';
import type { ILeader, ITabs, TabMessage } from './tabs.js';

/** A page that let another one send stands in line again after so long, in milliseconds. */
const REST_MS = 60_000;

/**
 * The pages of one origin that share an outbox. A Web Lock says which of them
 * sends; the browser gives it to the next one when that page is closed, killed
 * or crashes.
 *
 * Browsers slow the timers of a hidden page down to one a minute, so a hidden
 * page hands over to a page in front. Requests that are under way are answered
 * first, as if there were one page only: requests are not slowed down.
 *
 * Without Web Locks (plain http, other than to this machine), and where the
 * browser refuses them, every page sends: what is sent twice has the same uuid.
 */
export class BrowserTabs implements ITabs {
  /** @param _name - of the lock and the channel; pages that give the same belong together */
  constructor(private readonly _name: string) {
    this._channel = new BroadcastChannel(_name);
    this._channel.addEventListener('message', this);
    document.addEventListener('visibilitychange', this);
    this._staysHere = PageCache.ofThisPage.onLeave(() => this._goAway());
  }

  onMessage: (message: TabMessage) => void = () => undefined;

  get isLeading(): boolean {
    return this._handOver !== null;
  }

  get hasLed(): boolean {
    return this._hasLed && PageCache.ofThisPage.isAway;
  }

  lead(leader: ILeader): void {
    this._lead(leader).catch(reason => {
      if (!this._abort.signal.aborted) {
        console.error('ipynb-telemetry: every page sends', reason);
        void this._turn(leader);
      }
    });
  }

  async rest(): Promise<void> {
    // Without a lock no other one would begin.
    if (this._hasLock && (await this._isAwaited()) && this._handOver) {
      this._isResting = true;
      await this._handOver();
    }
  }

  post(message: TabMessage): void {
    if (!this._abort.signal.aborted) {
      this._channel.postMessage(message);
    }
  }

  async close(): Promise<void> {
    this._abort.abort();
    this._request.abort();
    this._staysHere();
    document.removeEventListener('visibilitychange', this);
    this._channel.close();
    this._endRest();
    await this._handOver?.();
  }

  handleEvent(event: Event): void {
    if (event instanceof MessageEvent) {
      const message = readMessage(event.data);
      if (message?.kind === 'front') {
        // Without a lock no other one would begin, and this one not again.
        if (document.hidden && this._hasLock) {
          void this._handOver?.();
        }
      } else if (message?.kind === 'hidden') {
        this._askForLead();
      } else if (message) {
        if (message.kind === 'state') {
          // The page that begins may be another hidden page, which was first in line.
          this._askForLead();
        }
        this.onMessage(message);
      }
    } else if (document.hidden && this._hasLock) {
      // Which page is in front by now, this one cannot know.
      this.post({ kind: 'hidden' });
    } else {
      this._askForLead();
    }
  }

  private async _lead(leader: ILeader): Promise<void> {
    const { signal } = this._abort;
    if (!navigator.locks) {
      await this._turn(leader);
      return;
    }
    while (!signal.aborted) {
      if (PageCache.ofThisPage.isAway) {
        await PageCache.ofThisPage.isBack();
      }
      const request = (this._request = new AbortController());
      const turn = navigator.locks.request(
        this._name,
        { signal: request.signal },
        async () => {
          this._hasLock = true;
          await this._turn(leader);
          this._hasLock = false;
        }
      );
      // Once in line: who hands over does so to the next in it.
      this._askForLead();
      await turn.catch(reason => {
        // A page in the browser's cache has no place in the line.
        if (!request.signal.aborted) {
          throw reason;
        }
      });
      if (this._isResting && !signal.aborted) {
        await this._pause();
        this._isResting = false;
      }
    }
  }

  /**
   * The page goes into the browser's cache: let another one send, without
   * waiting for answers, which may never come.
   */
  private _goAway(): void {
    this._hasLed = this.isLeading;
    if (this._hasLock || !this.isLeading) {
      this._request.abort();
      this._endTurn();
    }
  }

  private _pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, REST_MS);
      this._endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Whether another page stands in line. */
  private async _isAwaited(): Promise<boolean> {
    const { pending = [] } = await navigator.locks.query();
    return pending.some(({ name }) => name === this._name);
  }

  /** Send until another one is to do it. */
  private _turn(leader: ILeader): Promise<void> {
    return new Promise(resolve => {
      this._handOver = async () => {
        this._handOver = null;
        await leader.stop();
        resolve();
      };
      this._endTurn = () => {
        void this._handOver?.();
        resolve();
      };
      leader.start();
    });
  }

  private _askForLead(): void {
    if (!document.hidden && !this.isLeading && !this._isResting) {
      this.post({ kind: 'front' });
    }
  }

  private readonly _abort = new AbortController();
  /** The place in line, or the turn, since the page was shown. */
  private _request = new AbortController();
  private readonly _staysHere: () => void;
  private _endTurn: () => void = () => undefined;
  private readonly _channel: BroadcastChannel;
  private _handOver: (() => Promise<void>) | null = null;
  /** Whether it sends because it is its turn, and not because every page does. */
  private _hasLock = false;
  /** Whether it sent when it last went into the browser's cache. */
  private _hasLed = false;
  private _isResting = false;
  private _endRest: () => void = () => undefined;
}

/** Any page of this origin can post, one with an older version of this package too. */
function readMessage(data: unknown): TabMessage | null {
  const message = data as TabMessage;
  const isText = (value: unknown): boolean => typeof value === 'string';
  const isList = (value: unknown, has: (item: unknown) => boolean): boolean =>
    Array.isArray(value) && value.every(has);
  switch ((data as { kind?: unknown } | null)?.kind) {
    case 'added':
    case 'send_now':
    case 'moved':
    case 'front':
    case 'hidden':
    case 'relay':
      return message;
    case 'left':
      return 'rows' in message && isList(message.rows, isEventRow)
        ? message
        : null;
    case 'delivered':
    case 'dropped':
      return 'uuids' in message && isList(message.uuids, isText)
        ? message
        : null;
    case 'set_aside':
      return 'uuid' in message && isText(message.uuid) && isText(message.reason)
        ? message
        : null;
    case 'state':
      return 'problem' in message &&
        (message.problem === null || isText(message.problem)) &&
        (message.nextAttempt === null ||
          typeof message.nextAttempt === 'number')
        ? message
        : null;
    default:
      return null;
  }
}
