import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { RecordPlace } from '../ui/rights';
import type { Destination } from './destination';
import { isClassCollector } from './destination';

/** A place that keeps events, and answers a person about themselves. */
export interface IPlace {
  /** By which the place is told from others, also on the next visit. */
  readonly key: string;
  readonly kind: RecordPlace;
  /**
   * Ask one of the routes of `me/`.
   *
   * @param what - the route, with its query
   * @param code - the person's; a claim needs none
   * @param body - of a POST; undefined: a GET
   */
  ask(what: string, code: string | null, body?: object): Promise<Response>;
}

/** Asks one of the routes of a collector that a page may ask. */
export type Ask = (what: string, asked: IAsked) => Promise<Response>;

/** What a route is asked. */
export interface IAsked {
  /** The code of the person who asks about themselves. */
  readonly code?: string | null;
  /** Of a POST; undefined: a GET. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

const HEADER = 'X-Telemetry-Code';

/** The places that keep what goes to a destination. A PostHog has no such routes. */
export function placesOf(
  destination: Destination,
  serverSettings: ServerConnection.ISettings
): ReadonlyArray<IPlace> {
  if (destination.kind === 'browser') {
    return [];
  }
  const place = (key: string, kind: RecordPlace, ask: Ask): IPlace => ({
    key,
    kind,
    ask: (what, code, body) => ask(`me/${what}`, { code, body })
  });
  const server = place('server', 'server', askServer(serverSettings));
  if (destination.kind === 'collector') {
    return [server];
  }
  const { host, relay } = destination;
  if (isClassCollector(destination)) {
    const ask = askCollector(destination, serverSettings);
    const ofClass = ask ? [place(`class ${host}`, 'class', ask)] : [];
    // The server has a copy of what it sent.
    return relay ? [...ofClass, server] : ofClass;
  }
  return relay ? [server] : [];
}

/** The way to ask the collector that events go to; null where they go to none. */
export function askCollector(
  destination: Destination,
  serverSettings: ServerConnection.ISettings
): Ask | null {
  if (destination.kind === 'collector') {
    return askServer(serverSettings);
  }
  if (destination.kind === 'browser' || !isClassCollector(destination)) {
    return null;
  }
  const { host, key, relay } = destination;
  return relay
    ? askServer(serverSettings, 'at=class')
    : (what, asked) =>
        fetch(`${host}/ipynb-telemetry/${what}`, {
          ...initOf(asked, { Authorization: `Bearer ${key}` }),
          credentials: 'omit'
        });
}

function askServer(
  serverSettings: ServerConnection.ISettings,
  argument = ''
): Ask {
  const ours = URLExt.join(serverSettings.baseUrl, 'ipynb-telemetry');
  return (what, asked) =>
    ServerConnection.makeRequest(
      `${ours}/${what}${argument && (what.includes('?') ? '&' : '?')}${argument}`,
      initOf(asked),
      serverSettings
    );
}

function initOf(
  { code = null, body, signal }: IAsked,
  headers: Readonly<Record<string, string>> = {}
): RequestInit {
  return {
    signal,
    method: body ? 'POST' : 'GET',
    headers: {
      ...headers,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(code === null ? {} : { [HEADER]: code })
    },
    body: body && JSON.stringify(body),
    cache: 'no-store',
    redirect: 'manual',
    referrerPolicy: 'no-referrer'
  };
}
