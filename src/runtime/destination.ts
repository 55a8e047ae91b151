import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IEndpoint } from '../delivery/sending/transport';
import { HUB_KEY } from './hubcollector';

/** Where events go. */
export type Destination =
  /** A PostHog project, or a class collector, which takes the same requests. */
  | {
      readonly kind: 'posthog';
      readonly host: string;
      readonly key: string;
      /** Whether the Jupyter server sends, in the browser's stead. */
      readonly relay: boolean;
    }
  /** The collector embedded in the Jupyter server. */
  | { readonly kind: 'collector' }
  /** Nowhere: there is no server. Events stay in this browser. */
  | { readonly kind: 'browser' };

/** Our server takes any key: Jupyter authenticates its requests. */
const SERVER_KEY = 'embedded';

/** How keys of class collectors begin; Python has the same in `kernel/address.py`. */
const CLASS_KEY = 'tcw_';

/** Whether events go to a class collector, and to no PostHog. */
export function isClassCollector(destination: Destination): boolean {
  return (
    destination.kind === 'posthog' &&
    (destination.key.startsWith(CLASS_KEY) || isOfHub(destination))
  );
}

/** Whether that collector is one that a JupyterHub gives its servers. */
export function isOfHub(destination: Destination): boolean {
  return destination.kind === 'posthog' && destination.key === HUB_KEY;
}

/** Whether the Jupyter server is of the computer in front of the student, and of no hub. */
export function isThisComputer({
  baseUrl
}: Pick<ServerConnection.ISettings, 'baseUrl'>): boolean {
  const { hostname } = new URL(baseUrl, window.location.href);
  return (
    /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) &&
    PageConfig.getOption('hubUser') === ''
  );
}

/** Where events go, as consents and their events name it: a host without its path. */
export function labelOf(destination: Destination): string {
  switch (destination.kind) {
    case 'browser':
      return 'this browser';
    case 'collector':
      return 'this Jupyter server';
    default:
      return new URL(destination.host).host;
  }
}

/** Where events go, in words for the student. */
export function wordsFor(
  destination: Destination,
  serverSettings: Pick<ServerConnection.ISettings, 'baseUrl'>,
  trans: TranslationBundle
): string {
  if (destination.kind === 'browser') {
    return trans.__('Your records stay in this browser.');
  }
  if (destination.kind === 'collector') {
    return isThisComputer(serverSettings)
      ? trans.__('Your records stay on this computer.')
      : trans.__('Your records stay on this Jupyter server.');
  }
  const { host } = new URL(destination.host);
  if (isClassCollector(destination)) {
    return destination.relay
      ? trans.__(
          'Your records are sent to your class’s collector at %1, by this Jupyter server.',
          host
        )
      : trans.__(
          'Your records are sent to your class’s collector at %1.',
          host
        );
  }
  return destination.relay
    ? trans.__(
        'Your records are sent to PostHog at %1, by this Jupyter server.',
        host
      )
    : trans.__('Your records are sent to PostHog at %1.', host);
}

/** Where events go, in words for whoever sets that. */
export function wordsOfPlace(
  destination: Destination,
  trans: TranslationBundle
): string {
  switch (destination.kind) {
    case 'browser':
      return trans.__('events stay in this browser.');
    case 'collector':
      return trans.__('events stay on this Jupyter server.');
    default:
      if (isClassCollector(destination)) {
        return trans.__(
          'events go to your class’s collector at %1.',
          new URL(destination.host).host
        );
      }
      return destination.relay
        ? trans.__(
            'events go to %1, sent by this Jupyter server.',
            destination.host
          )
        : trans.__('events go to %1.', destination.host);
  }
}

/** The address that events are sent to, and how. */
export function addressOf(
  destination: Destination,
  serverSettings: ServerConnection.ISettings
): IEndpoint {
  if (destination.kind === 'browser') {
    return { host: null, key: '' };
  }
  if (destination.kind === 'posthog' && !destination.relay) {
    return { host: destination.host, key: destination.key };
  }
  const ours = URLExt.join(serverSettings.baseUrl, 'ipynb-telemetry');
  // The request carries the token or cookie and the XSRF header of this server.
  const fetch = (url: string, init: RequestInit): Promise<Response> =>
    ServerConnection.makeRequest(url, init, serverSettings);
  const isLoggedIn = async (signal: AbortSignal): Promise<boolean> => {
    const me = URLExt.join(serverSettings.baseUrl, 'api', 'me');
    const answer = await fetch(me, {
      redirect: 'manual',
      cache: 'no-store',
      signal
    });
    // A hub leads to its login page, a server alone says so.
    return (
      answer.type !== 'opaqueredirect' && ![401, 403].includes(answer.status)
    );
  };
  // Where a relay sends to, its server reads in its own settings.
  return destination.kind === 'posthog'
    ? {
        host: `${ours}/relay`,
        key: SERVER_KEY,
        isRelay: true,
        isLoggedIn,
        fetch
      }
    : { host: ours, key: SERVER_KEY, isLoggedIn, fetch };
}
