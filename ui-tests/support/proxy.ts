import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { Server } from './server';

/** Puts servers with different base URLs behind one origin, as a hub does. */
export class Proxy {
  /** Starts to listen on a free port of loopback. */
  static async start(servers: ReadonlyArray<Server>): Promise<Proxy> {
    const proxy = new Proxy(servers);
    proxy._listener.listen(0, '127.0.0.1');
    await once(proxy._listener, 'listening');
    return proxy;
  }

  private constructor(private readonly _servers: ReadonlyArray<Server>) {
    this._listener.on('connection', socket => {
      this._sockets.add(socket);
      socket.on('close', () => this._sockets.delete(socket));
    });
    this._listener.on('upgrade', (incoming, socket, head) => {
      const port = this._port(incoming.url);
      const { method, url, rawHeaders } = incoming;
      const outgoing = connect(port, '127.0.0.1', () => {
        const headers = rawHeaders.map((text, index) =>
          index % 2 === 0 ? `${text}: ` : `${text}\r\n`
        );
        outgoing.write(`${method} ${url} HTTP/1.1\r\n${headers.join('')}\r\n`);
        outgoing.write(head);
        outgoing.pipe(socket).pipe(outgoing);
      });
      outgoing.on('error', () => socket.destroy());
      socket.on('error', () => outgoing.destroy());
    });
  }

  /** Which requests the server gets and answers, but the browser has no answer to: the connection breaks. */
  swallow: (path: string) => boolean = () => false;

  /** The address of a server's page as the browser sees it. */
  url(address: string): string {
    const url = new URL(address);
    url.port = String((this._listener.address() as AddressInfo).port);
    return url.href;
  }

  /** Stops listening and drops open connections. */
  async stop(): Promise<void> {
    const closed = once(this._listener, 'close');
    this._listener.close();
    // Not `closeAllConnections`, which knows nothing of WebSockets.
    this._sockets.forEach(socket => socket.destroy());
    await closed;
  }

  private _port(path = '/'): number {
    const found = this._servers.find(({ baseUrl }) =>
      path.startsWith(new URL(baseUrl).pathname)
    );
    return (found ?? this._servers[0]).port;
  }

  private readonly _sockets = new Set<Socket>();
  private readonly _listener = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const outgoing = request(
      { host: '127.0.0.1', port: this._port(url), method, path: url, headers },
      answer => {
        if (this.swallow(url ?? '/')) {
          answer.destroy();
          response.destroy();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
    );
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
}
