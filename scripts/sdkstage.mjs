// The stage of the cases in sdkcontract.mjs: a client in a time of its own, and the server it sends to.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';
import { gunzipSync } from 'node:zlib';
import { DeliveryClient } from 'ipynb-telemetry/lib/delivery';

/** The client's clock is so many times as fast as the world's; all times here are the client's. */
const SPEED = 20;
/** A timer of Node may be early by a millisecond, and so may the client's pauses. */
export const EARLY_MS = 2 * SPEED;
const clock = {
  now: () => Date.now() * SPEED,
  after: (ms, work) => {
    const timer = setTimeout(work, ms / SPEED);
    return () => clearTimeout(timer);
  }
};
export const pass = ms => new Promise(resolve => clock.after(ms, resolve));

/** A client and the server that it sends to. */
class Stage {
  /** The requests so far: when each came, its headers, its body and the events in that. */
  requests = [];

  /** @param answers - a status, or one with headers, for each of the first requests; 200 for the rest */
  constructor(answers) {
    this._answers = [...answers];
    this._server = createServer((request, response) => {
      void this._answer(request, response);
    });
  }

  async open(options) {
    this._server.listen(0, '127.0.0.1');
    await once(this._server, 'listening');
    const host = `http://127.0.0.1:${this._server.address().port}`;
    this.client = new DeliveryClient({
      host,
      key: 'phc_key',
      clock,
      ...options
    });
  }

  async close() {
    await this.client.close();
    this._server.closeAllConnections();
    this._server.close();
  }

  /** Settles when so many requests have come. */
  async until(count) {
    while (this.requests.length < count) {
      await once(this._server, 'answered', {
        signal: AbortSignal.timeout(20_000)
      });
    }
    return this.requests;
  }

  get pauses() {
    return this.requests
      .slice(1)
      .map(({ at }, index) => at - this.requests[index].at);
  }

  async _answer(request, response) {
    const at = clock.now();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { url, method, headers } = request;
    const bytes = Buffer.concat(chunks);
    const isPacked = headers['content-encoding'] === 'gzip';
    const body = JSON.parse(isPacked ? gunzipSync(bytes) : bytes);
    const answer = this._answers.shift() ?? 200;
    const { status, ...more } = answer.status ? answer : { status: answer };
    this.requests.push({
      at,
      url,
      method,
      headers,
      body,
      events: body.batch,
      status
    });
    response.writeHead(status, more);
    response.end(status === 200 ? '{"status": 1}' : '{"error": "by the test"}');
    this._server.emit('answered');
  }
}

/** Returns a case: captures the events, asks for a flush, and checks what came of it. */
export function sending(events, check, { answers = [], ...options } = {}) {
  return async () => {
    const stage = new Stage(answers);
    await stage.open(options);
    try {
      await Promise.all(events.map(event => stage.client.capture(event)));
      await stage.client.flush();
      await check(stage);
    } finally {
      await stage.close();
    }
  };
}
