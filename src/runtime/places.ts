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

const HEADER = 'X-Telemetry-Code';

/** The places that keep what goes to a destination. A PostHog has no such routes. */
export function placesOf(
  destination: Destination,
  serverSettings: ServerConnection.ISettings
): ReadonlyArray<IPlace> {
  if (destination.kind === 'browser') {
    return [];
  }
  const ours = URLExt.join(serverSettings.baseUrl, 'ipynb-telemetry', 'me');
  const server = (key: string, kind: RecordPlace, argument = ''): IPlace => ({
    key,
    kind,
    ask: (what, code, body) =>
      ServerConnection.makeRequest(
        `${ours}/${what}${argument && (what.includes('?') ? '&' : '?')}${argument}`,
        initOf({}, code, body),
        serverSettings
      )
  });
  if (destination.kind === 'collector') {
    return [server('server', 'server')];
  }
  const { host, key, relay } = destination;
  if (isClassCollector(destination)) {
    return relay
      ? // The server has a copy of what it sent.
        [
          server(`class ${host}`, 'class', 'at=class'),
          server('server', 'server')
        ]
      : [
          {
            key: `class ${host}`,
            kind: 'class',
            ask: (what, code, body) =>
              fetch(`${host}/ipynb-telemetry/me/${what}`, {
                ...initOf({ Authorization: `Bearer ${key}` }, code, body),
                credentials: 'omit'
              })
          }
        ];
  }
  return relay ? [server('server', 'server')] : [];
}

function initOf(
  headers: Readonly<Record<string, string>>,
  code: string | null,
  body: object | undefined
): RequestInit {
  return {
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
