import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { isConsent } from './collector';
import { freePort } from './port';

const GZIP_MAGIC = [0x1f, 0x8b];

/** An event as PostHog would receive it. */
export interface IWireEvent {
  uuid: string;
  event: string;
  distinct_id: string;
  timestamp: string;
  properties: Record<string, unknown>;
}

/** A request as it arrived. */
export interface IReceived {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body as text, unpacked. */
  text: string;
  /** The body's JSON, or null. */
  body: { api_key?: string; sent_at?: string; batch?: IWireEvent[] } | null;
  /** The status it was answered with. */
  status: number;
  /** When it came, in milliseconds of `performance.now()`. */
  at: number;
}

/** A PostHog as seen from the browser: takes batches on loopback and keeps what came. */
export class PostHogHost {
  /** Starts to listen on a free port of loopback. */
  static async start(): Promise<PostHogHost> {
    const host = new PostHogHost();
    // Nobody else is given it while it refuses.
    host._port = await freePort();
    await host.accept();
    return host;
  }

  /** What to answer batches with; PostHog says 200. */
  status = 200;
  /** Answers a batch with another status than `status`. */
  judge: (received: IReceived) => number | undefined = () => undefined;
  /** More headers of the answers to batches, as `Retry-After`. */
  headers: Record<string, string> = {};
  /** How long it takes to answer a batch, in milliseconds. */
  latency = 0;
  /** Whose connection breaks where the answer would be: stored, and nobody learns of it. */
  swallow: (received: IReceived) => boolean = () => false;
  /** Every request but CORS preflights, oldest first. */
  readonly requests: IReceived[] = [];
  /** How many CORS preflights came. */
  preflights = 0;

  /** Scheme, host and port, to be given as the setting `host`. */
  get origin(): string {
    return `http://127.0.0.1:${this._port}`;
  }

  /** The events of lessons that were accepted, oldest first. */
  get events(): IWireEvent[] {
    return this.accepted.filter(({ event }) => !isConsent(event));
  }

  /** All events that were accepted, those that tell of a consent included. */
  get accepted(): IWireEvent[] {
    return this.requests
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => body?.batch ?? []);
  }

  /** The events as PostHog keeps them: one for each uuid, as it came first. */
  get stored(): IWireEvent[] {
    const known = new Map<string, IWireEvent>();
    for (const event of this.events) {
      if (!known.has(event.uuid)) {
        known.set(event.uuid, event);
      }
    }
    return [...known.values()];
  }

  /** The events that came again, and not as they came first. */
  get altered(): IWireEvent[] {
    const first = new Map(
      this.stored.map(event => [event.uuid, JSON.stringify(event)])
    );
    return this.events.filter(
      event => JSON.stringify(event) !== first.get(event.uuid)
    );
  }

  /** Close the port: connections are refused until `accept`. */
  async refuse(): Promise<void> {
    this._server.closeAllConnections();
    this._server.close();
    await once(this._server, 'close');
  }

  /** Listen, again on the same port. */
  async accept(): Promise<void> {
    this._server.listen(this._port, '127.0.0.1');
    await once(this._server, 'listening');
  }

  /** Stops listening and drops open connections. */
  async stop(): Promise<void> {
    if (this._server.listening) {
      await this.refuse();
    }
  }

  private async _answer(
    request: IncomingMessage,
    response: ServerResponse
  ): Promise<void> {
    // PostHog lets every origin in, and mirrors what the browser asks for.
    response.setHeader(
      'Access-Control-Allow-Origin',
      request.headers.origin ?? '*'
    );
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (request.method === 'OPTIONS') {
      this.preflights += 1;
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
      response.setHeader(
        'Access-Control-Allow-Headers',
        request.headers['access-control-request-headers'] ?? ''
      );
      response.writeHead(200).end();
      return;
    }
    const received = await read(request);
    const takes = received.path === '/batch/' && received.method === 'POST';
    received.status = takes ? (this.judge(received) ?? this.status) : 404;
    this.requests.push(received);
    const headers = takes ? this.headers : {};
    if (this.latency > 0) {
      await setTimeout(this.latency);
    }
    if (takes && this.swallow(received)) {
      response.destroy();
      return;
    }
    response.writeHead(received.status, {
      'Content-Type': 'application/json',
      ...headers
    });
    response.end(received.status === 200 ? '{"status":1}' : '{}');
  }

  private _port = 0;
  private readonly _server = createServer((request, response) => {
    this._answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
}

async function read(request: IncomingMessage): Promise<IReceived> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const packed = Buffer.concat(chunks);
  const gzip = GZIP_MAGIC.every((byte, index) => packed[index] === byte);
  const text = (gzip ? gunzipSync(packed) : packed).toString('utf8');
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    text,
    body: parse(text),
    status: 0,
    at: performance.now()
  };
}

function parse(text: string): IReceived['body'] {
  try {
    return JSON.parse(text) as IReceived['body'];
  } catch {
    return null;
  }
}
