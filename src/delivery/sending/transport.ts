import type { IClock } from '../clock.js';
import type { IRow } from '../wire.js';
import type { SendResult } from './answer.js';
import { isRefusal, judge } from './answer.js';

/** Sends batches to one place. */
export interface IEventTransport {
  /**
   * Send a batch by a single POST. Never rejects.
   *
   * @param batch - the events, oldest first
   * @param leaving - whether the page is being left: the request must outlive it
   */
  send(batch: ReadonlyArray<IRow>, leaving?: boolean): Promise<SendResult>;
}

/** Where events go. */
export interface IEndpoint {
  /**
   * Origin and path, without a final slash; batches go to `/batch/` below it.
   * Null: there is no other end, and events are kept.
   */
  readonly host: string | null;
  /** The project key. */
  readonly key: string;
  /** Whether the other end forwards what it takes; `/status` tells how that goes. */
  readonly isRelay?: boolean;
  /**
   * Whether the bodies of requests are compressed. Default: those of 1 KiB and
   * more, where compression pays.
   */
  readonly compress?: boolean;
  /**
   * Asks the other end, by a request without a body, whether the student is
   * logged in there. Where this is given, a refusal may be a login's that has
   * expired: then no batch is sent until there is a new one. Default: nobody
   * logs in.
   */
  readonly isLoggedIn?: (signal: AbortSignal) => Promise<boolean>;
  /** Default: the environment's, without cookies. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Bodies from this size on are compressed, in characters. */
const COMPRESS_FROM = 1024;
/** A connection that answers nothing for so long is dead, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Speaks PostHog's batch protocol, which is the embedded collector's too. */
export class BatchTransport implements IEventTransport {
  constructor(
    private readonly _endpoint: IEndpoint,
    private readonly _clock: IClock
  ) {}

  get isRelay(): boolean {
    return !!this._endpoint.isRelay;
  }

  /**
   * @param now - whether it is to try at once, also what was refused
   * @returns what a relay says of itself, unchecked
   */
  status(now = false): Promise<unknown> {
    const { host, fetch = defaultFetch } = this._endpoint;
    const method = now ? 'POST' : 'GET';
    return this._inTime<unknown>(async signal =>
      (await fetch(`${host}/status`, { method, signal })).json()
    );
  }

  async send(batch: ReadonlyArray<IRow>, leaving = false): Promise<SendResult> {
    const { host, isLoggedIn } = this._endpoint;
    if (host === null) {
      return { status: 'kept' };
    }
    if (this._isLoggedOut) {
      // Where it is not known, either, the batch would be refused once more.
      this._isLoggedOut =
        leaving ||
        !(await this._inTime(async signal => isLoggedIn?.(signal)).catch(
          () => false
        ));
      if (this._isLoggedOut) {
        return { status: 'logged_out' };
      }
    }
    let isSlow = false;
    try {
      return await this._inTime(async signal => {
        signal.onabort = () => (isSlow = true);
        const response = await this._post(batch, leaving, signal);
        // A batch that was under way when another one was refused may be taken all
        // the same: only its own answer says whether it is to be sent again.
        if (
          isLoggedIn &&
          isRefusal(response) &&
          !(await isLoggedIn(signal).catch(() => true))
        ) {
          this._isLoggedOut = true;
          return { status: 'logged_out' };
        }
        return judge(response, this._clock.now());
      });
    } catch (reason) {
      return isSlow
        ? { status: 'retry', reason: 'no answer', isSlow }
        : { status: 'retry', reason: String(reason) };
    }
  }

  private async _inTime<T>(
    ask: (signal: AbortSignal) => Promise<T>
  ): Promise<T> {
    const abort = new AbortController();
    const cancel = this._clock.after(TIMEOUT_MS, () => abort.abort());
    return ask(abort.signal).finally(cancel);
  }

  private async _post(
    batch: ReadonlyArray<IRow>,
    leaving: boolean,
    signal: AbortSignal
  ): Promise<Response> {
    const { host, fetch = defaultFetch } = this._endpoint;
    const body = this._write(batch);
    // Compression takes turns of the event loop, which a page being left no
    // longer has.
    const gzip =
      !leaving && this._compresses(body) ? await gzipped(body) : null;
    const { query, headers } = isInBrowser() ? simple(gzip) : plain(gzip);
    return fetch(`${host}/batch/${query}`, {
      method: 'POST',
      body: gzip ?? body,
      headers,
      keepalive: leaving,
      // Followed, a POST would become a GET, whose 200 says nothing of events.
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      signal
    });
  }

  private _write(batch: ReadonlyArray<IRow>): string {
    const frame = JSON.stringify({
      api_key: this._endpoint.key,
      sent_at: new Date(this._clock.now()).toISOString()
    });
    return `${frame.slice(0, -1)},"batch":[${batch.map(({ json }) => json).join(',')}]}`;
  }

  private _compresses(body: string): boolean {
    return this._endpoint.compress ?? body.length >= COMPRESS_FROM;
  }

  /** Whether the last batch was refused for want of a login. */
  private _isLoggedOut = false;
}

/** How a request says what its body is. */
interface IBodyFormat {
  readonly query: string;
  readonly headers: Record<string, string>;
}

/** A browser asks the other end's leave beforehand for any other type, and for any other header. */
function simple(gzip: Blob | null): IBodyFormat {
  return {
    query: gzip ? '?compression=gzip-js' : '',
    headers: { 'Content-Type': 'text/plain' }
  };
}

function plain(gzip: Blob | null): IBodyFormat {
  return {
    query: '',
    headers: {
      'Content-Type': 'application/json',
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {})
    }
  };
}

/** Whether this runs in a page or in one of its workers; Node has no `location`. */
function isInBrowser(): boolean {
  return 'location' in globalThis;
}

/** No cookie of the other end's site goes along. */
function defaultFetch(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, credentials: 'omit' });
}

/** @returns null where the browser cannot: that is no reason to keep events */
async function gzipped(body: string): Promise<Blob | null> {
  try {
    const stream = new Blob([body])
      .stream()
      .pipeThrough(new CompressionStream('gzip'));
    return await new Response(stream).blob();
  } catch {
    return null;
  }
}
