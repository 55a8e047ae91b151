import type { IClock } from '../clock.js';
import type { IRow } from '../wire.js';

/** What became of one attempt to send a batch. */
export type SendResult =
  /** There is no other end, and so nothing to try. */
  | { readonly status: 'kept' }
  /** The other end has it. */
  | { readonly status: 'accepted' }
  /** It may have it later: keep everything and try again. */
  | {
      readonly status: 'retry';
      readonly reason: string;
      readonly afterMs?: number;
      /** No answer came in time: less may get through. */
      readonly isSlow?: boolean;
    }
  /** The batch is too big as it is. */
  | { readonly status: 'too_large'; readonly reason: string }
  /** At least one event in it will never be taken. */
  | { readonly status: 'rejected'; readonly reason: string }
  /** The key or the login is refused: nothing will be taken until it is corrected. */
  | { readonly status: 'unauthorized'; readonly reason: string };

/** Sends batches to one place. */
export interface IEventTransport {
  /** Whether the other end forwards, and wants to be told where to: by an empty batch. */
  readonly isRelay?: boolean;
  /**
   * One POST. Never rejects.
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
  /** More members of a request's body. */
  readonly more?: Readonly<Record<string, string>>;
  /** Whether the other end forwards what it takes; `/status` tells how that goes. */
  readonly isRelay?: boolean;
  /** Default: the environment's, without cookies. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Bodies from this size on are compressed, in characters. */
const COMPRESS_FROM = 1024;
/** A connection that answers nothing for so long is dead, in milliseconds. */
const TIMEOUT_MS = 60_000;
/** Of what a refusal says, in characters. */
const MAX_WORDS_LENGTH = 200;

/** Speaks PostHog's batch protocol, which is the embedded collector's too. */
export class BatchTransport implements IEventTransport {
  constructor(
    private readonly _destination: IEndpoint,
    private readonly _clock: IClock
  ) {}

  get isRelay(): boolean {
    return !!this._destination.isRelay;
  }

  /**
   * @param now - whether it is to try at once, also what was refused
   * @returns what a relay says of itself, unchecked
   */
  status(now = false): Promise<unknown> {
    const { host, fetch = defaultFetch } = this._destination;
    const method = now ? 'POST' : 'GET';
    return this._inTime<unknown>(async signal =>
      (await fetch(`${host}/status`, { method, signal })).json()
    );
  }

  async send(batch: ReadonlyArray<IRow>, leaving = false): Promise<SendResult> {
    if (this._destination.host === null) {
      return { status: 'kept' };
    }
    let isSlow = false;
    try {
      return await this._inTime(async signal => {
        signal.onabort = () => (isSlow = true);
        return this._read(await this._post(batch, leaving, signal));
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
    const { host, key, more, fetch = defaultFetch } = this._destination;
    const frame = JSON.stringify({
      api_key: key,
      ...more,
      sent_at: new Date(this._clock.now()).toISOString()
    });
    const body = `${frame.slice(0, -1)},"batch":[${batch.map(({ json }) => json).join(',')}]}`;
    // Compression takes turns of the event loop, which a page being left no
    // longer has.
    const gzip =
      !leaving && body.length >= COMPRESS_FROM ? await compress(body) : null;
    return fetch(`${host}/batch/${gzip ? '?compression=gzip-js' : ''}`, {
      method: 'POST',
      body: gzip ?? body,
      // A type for which browsers ask no leave beforehand.
      headers: { 'Content-Type': 'text/plain' },
      keepalive: leaving,
      // Followed, a POST would become a GET, whose 200 says nothing of events.
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      signal
    });
  }

  private async _read(response: Response): Promise<SendResult> {
    const { status } = response;
    if (status === 204) {
      return { status: 'accepted' };
    }
    if (response.ok) {
      return readAnswer(await response.text());
    }
    // Where to, browsers do not say: a login page, or a network's own.
    if (response.type === 'opaqueredirect') {
      return { status: 'retry', reason: 'the request is redirected' };
    }
    const reason = await reasonOf(response);
    if (status === 401 || status === 403) {
      return { status: 'unauthorized', reason };
    }
    if (status === 413) {
      return { status: 'too_large', reason };
    }
    if (status === 400 || status === 422) {
      return { status: 'rejected', reason };
    }
    // Whatever else it is (a wrong place, a proxy, a hub whose server is
    // stopped and answers 424), it says nothing against the events.
    const afterMs = this._retryAfter(response.headers.get('Retry-After'));
    return { status: 'retry', reason, afterMs };
  }

  /** @returns milliseconds, or undefined when the header is absent or malformed */
  private _retryAfter(header: string | null): number | undefined {
    if (header === null) {
      return undefined;
    }
    const seconds = Number(header);
    const wait = Number.isNaN(seconds)
      ? Date.parse(header) - this._clock.now()
      : seconds * 1000;
    return wait >= 0 ? wait : undefined;
  }
}

/** The status, and what the body of a refusal says: HTTP/2 has no other words. */
async function reasonOf(response: Response): Promise<string> {
  const reason = `${response.status} ${response.statusText}`.trim();
  const words =
    response.status >= 400 && response.status < 500
      ? wordsOf(await response.text().catch(() => ''))
      : '';
  return reason.endsWith(words) ? reason : `${reason}: ${words}`;
}

/** Text, or that of a JSON object, on one line; no page, and no debris. */
function wordsOf(body: string): string {
  const told = parse(body, body);
  const { message, detail, error } = (told ?? {}) as Record<string, unknown>;
  const line =
    [told, message, detail, error]
      .map(text => (typeof text === 'string' ? text : ''))
      .map(text => text.replace(/[\s\p{C}]+/gu, ' ').trim())
      .find(Boolean) ?? '';
  return /^[<{[]/.test(line) ? '' : line.slice(0, MAX_WORDS_LENGTH).trim();
}

/** No cookie of the other end's site goes along. */
function defaultFetch(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, credentials: 'omit' });
}

/** @returns null where the browser cannot: that is no reason to keep events */
async function compress(body: string): Promise<Blob | null> {
  try {
    const stream = new Blob([body])
      .stream()
      .pipeThrough(new CompressionStream('gzip'));
    return await new Response(stream).blob();
  } catch {
    return null;
  }
}

/**
 * What a status of success is worth: not every 200 means that the events are
 * kept. PostHog, the collector and the relay answer an object with a `status`.
 */
function readAnswer(text: string): SendResult {
  const told = (parse(text) ?? {}) as { quota_limited?: unknown };
  if (
    Array.isArray(told.quota_limited) &&
    told.quota_limited.includes('events')
  ) {
    // PostHog drops the events of a project over its quota.
    return { status: 'retry', reason: 'quota', afterMs: 60_000 };
  }
  return typeof told === 'object' && 'status' in told
    ? { status: 'accepted' }
    : { status: 'retry', reason: 'the answer is not a collector’s' };
}

function parse(text: string, otherwise?: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}
