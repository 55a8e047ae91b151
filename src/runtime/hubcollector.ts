import { PageConfig } from '@jupyterlab/coreutils';

/**
 * What stands where other destinations have their key: the Jupyter server sends
 * with its own token. No setting can be this. Python has the same in
 * `settings/hubcollector.py`.
 */
export const HUB_KEY = 'jupyterhub:token';

/** The class collector of a JupyterHub, as a destination. */
export interface IHubDestination {
  readonly kind: 'posthog';
  readonly host: string;
  readonly key: string;
  readonly relay: true;
}

/**
 * The class collector that the hub gives this server, or null. `app.py` says so
 * in the page's configuration.
 *
 * The address is that of the students' servers, which may be one within a cluster:
 * people are told the hub's own, which they know.
 */
export function hubCollector(): IHubDestination | null {
  const address = PageConfig.getOption('ipynbTelemetryCollector');
  const [, path] = /^https?:\/\/[^/]+(.*)$/.exec(address) ?? [];
  if (path === undefined) {
    return null;
  }
  const host = `${window.location.origin}${path}`;
  return { kind: 'posthog', host, key: HUB_KEY, relay: true };
}

/** The account under which that collector keeps what is done on this server. */
export function hubAccount(): string {
  return PageConfig.getOption('ipynbTelemetryAccount');
}
