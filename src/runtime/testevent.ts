import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IClock } from '../delivery/clock';
import type { IEndpoint } from '../delivery/sending/transport';
import { BatchTransport } from '../delivery/sending/transport';
import { toRow } from '../delivery/wire';
import { uuid7 } from '../events/uuid';
import type { Destination } from './destination';
import { isClassCollector } from './destination';

/** As `jupyter telemetry doctor` sends it. */
const EVENT = 'connection_tested';
const DISTINCT_ID = 'ipynb-telemetry-test';
/** Of an answer that follows a sentence, so that the whole fits into a notification. */
const MAX_REASON = 70;
/** JupyterLab shows a message without this only to those who look for it. */
const SEEN = { autoClose: 10_000 };

/**
 * Send one event of no student, and show what came of it: that something took
 * it, and where to look whether it is there, since PostHog says yes to any key. A
 * class collector refuses a wrong one.
 *
 * @param retry - sends another one, to where the settings say by then
 */
export async function sendTestEvent(
  destination: Destination,
  endpoint: IEndpoint,
  trans: TranslationBundle,
  clock: IClock,
  retry: () => void
): Promise<void> {
  const event = toRow({
    uuid: uuid7(),
    event: EVENT,
    distinct_id: DISTINCT_ID,
    timestamp: new Date(clock.now()).toISOString(),
    properties: { $process_person_profile: false, $geoip_disable: true }
  });
  const result = await new BatchTransport(endpoint, clock).send([event]);
  const again = {
    label: trans.__('Try again'),
    callback: retry
  };
  if (result.status === 'kept') {
    Notification.info(
      trans.__('There is no server here: events stay in this browser.'),
      SEEN
    );
  } else if (result.status !== 'accepted') {
    Notification.error(
      trans.__(
        'The test event was not taken: %1.',
        'reason' in result
          ? result.reason.slice(0, MAX_REASON)
          : trans.__('you are logged out')
      ),
      { autoClose: false, actions: [again] }
    );
  } else if (destination.kind === 'posthog' && isClassCollector(destination)) {
    tellOfCollector(destination, trans);
  } else if (destination.kind === 'posthog') {
    askWhetherItIsThere(destination.host, trans);
  } else {
    Notification.success(
      trans.__(
        'This Jupyter server has stored %1; “jupyter telemetry export” lists it.',
        EVENT
      ),
      SEEN
    );
  }
}

function tellOfCollector(
  { host, relay }: { readonly host: string; readonly relay: boolean },
  trans: TranslationBundle
): void {
  const place = new URL(host).host;
  Notification.success(
    relay
      ? trans.__(
          'This Jupyter server sends %1 to your class’s collector at %2. “Recorded activity” says if it fails.',
          EVENT,
          place
        )
      : trans.__('Your class’s collector at %1 has taken %2.', place, EVENT),
    SEEN
  );
}

function askWhetherItIsThere(host: string, trans: TranslationBundle): void {
  const app = appOf(host);
  Notification.info(
    trans.__('Look for %1 at %2 → Activity. Is it there?', EVENT, app),
    {
      autoClose: false,
      actions: [
        {
          label: trans.__('Yes'),
          displayType: 'accent',
          callback: () =>
            Notification.success(
              trans.__('Good: events arrive in your project.'),
              SEEN
            )
        },
        {
          label: trans.__('No'),
          callback: () =>
            Notification.warning(
              trans.__(
                'Then the key is not that of your project. Copy it again from PostHog’s project settings, and set the host of its region.'
              ),
              { autoClose: false }
            )
        }
      ]
    }
  );
}

/** The pages of the project, which are not where events go in PostHog's own cloud. */
function appOf(host: string): string {
  return host.replace(/^(https:\/\/(?:us|eu))\.i(\.posthog\.com)$/, '$1$2');
}
