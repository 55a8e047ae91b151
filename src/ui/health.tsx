import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDeliveryHealth } from '../delivery/health';
import type { KeptAt } from './model';

/** The problem's name in `delivery/sending/verdict`, of which the panel loads nothing. */
const LOGGED_OUT = 'logged out';

/** How the delivery fares, and what can be done about it. */
export function Health(props: {
  readonly health: IDeliveryHealth;
  readonly keptAt: KeptAt;
  /** Whether the browser sends itself what the Jupyter server could send. */
  readonly isDirect: boolean;
  /** Whether events go to a class collector, and to no PostHog. */
  readonly isClass: boolean;
  /** Whether that collector is one that a JupyterHub gives its servers. */
  readonly isOfHub: boolean;
  readonly trans: TranslationBundle;
  readonly onSend: () => void;
  readonly onExport: () => void;
}): React.JSX.Element {
  const { health, keptAt, isDirect, isClass, isOfHub, trans } = props;
  const { onSend, onExport } = props;
  const { relay } = health;
  const problem = health.problem ?? relay?.problem;
  // A relay is asked for what its server met.
  const { lastContact } = relay ?? health;
  const nextAttempt = health.nextAttempt ?? relay?.nextAttempt;
  const waiting = health.waiting + (relay?.waiting ?? 0);
  const setAside = health.setAside + (relay?.setAside ?? 0);
  const refusals = [...health.refusals, ...(relay?.refusals ?? [])];
  const facts: [name: string, value: string | null][] = [
    [
      keptAt ? trans.__('Kept') : trans.__('Delivered'),
      health.delivered && keptAt !== 'browser' ? String(health.delivered) : null
    ],
    [
      trans.__('Waiting on the server'),
      relay?.waiting ? String(relay.waiting) : null
    ],
    [trans.__('Refused'), setAside ? String(setAside) : null],
    [
      trans.__('Refused because'),
      refusals
        .map(({ reason, count }) => trans.__('%1 (%2)', reason, String(count)))
        .join(', ') || null
    ],
    [trans.__('Given up'), health.dropped ? String(health.dropped) : null],
    [trans.__('Last contact'), lastContact && timeOf(lastContact)],
    [trans.__('Next attempt'), nextAttempt ? timeOf(nextAttempt) : null]
  ];
  return (
    <>
      {problem === LOGGED_OUT && (
        <p role="status">
          {trans.__(
            'You are logged out of Jupyter. What you do is kept in this browser: log in again, in another tab, and it is sent.'
          )}
        </p>
      )}
      {problem && problem !== LOGGED_OUT && (
        <p role="alert">
          {trans.__(
            'Events are kept and sent later. For the instructor: %1.',
            (isOfHub
              ? hubProblemWords(problem, !health.problem, trans)
              : isClass &&
                classProblemWords(problem, !health.problem, isDirect, trans)) ||
              problemWords(problem, !health.problem, isDirect, trans)
          )}
        </p>
      )}
      {!health.isDurable && (
        <p role="alert">
          {trans.__(
            'This browser keeps nothing on disk: what is waiting may be gone when this page is closed.'
          )}
        </p>
      )}
      <p>
        {summaryWords(
          {
            ...health,
            waiting,
            setAside
          },
          keptAt,
          trans
        )}
      </p>
      <dl>
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {waiting + setAside > 0 && (
        <p className="jp-ipynb-telemetry-Activity-actions">
          {keptAt !== 'browser' && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-accept"
              onClick={onSend}
            >
              {trans.__('Send now')}
            </button>
          )}
          {health.waiting + health.setAside > 0 && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-reject"
              onClick={onExport}
            >
              {trans.__('Export')}
            </button>
          )}
        </p>
      )}
    </>
  );
}

function summaryWords(
  { waiting, setAside, delivered }: IDeliveryHealth,
  keptAt: KeptAt,
  trans: TranslationBundle
): string {
  if (keptAt === 'browser') {
    return trans._n(
      '%1 event is kept in this browser. Export it for your instructor',
      '%1 events are kept in this browser. Export them for your instructor',
      waiting
    );
  }
  if (waiting > 0) {
    return trans._n(
      '%1 event is waiting to be sent',
      '%1 events are waiting to be sent',
      waiting
    );
  }
  if (setAside > 0) {
    return trans._n(
      '%1 event was refused, all others arrived',
      '%1 events were refused, all others arrived',
      setAside
    );
  }
  if (delivered === 0) {
    return '';
  }
  return keptAt === 'computer'
    ? trans.__('Everything is kept on this computer')
    : keptAt === 'server'
      ? trans.__('Everything is kept on the Jupyter server')
      : trans.__('Everything was delivered');
}

/**
 * A problem with a class collector, and how it can be solved; '' for one that has
 * nothing to do with the collector.
 */
function classProblemWords(
  problem: string,
  isRelays: boolean,
  isDirect: boolean,
  trans: TranslationBundle
): string {
  if ((isRelays || isDirect) && /^40[13]/.test(problem)) {
    return trans.__(
      'your class’s collector refuses the class key (%1). Where the key was changed, “jupyter telemetry join” with the line of today gives the new one',
      problem
    );
  }
  // An answer of the collector's begins with its status.
  return isRelays && !/^(\d|the settings )/.test(problem)
    ? trans.__(
        'the Jupyter server cannot send to your class’s collector (%1). The collector may not run, or not in this network; where it was set up anew, “jupyter telemetry join” with the line of today leads there',
        problem
      )
    : '';
}

/** The same with the class collector of a hub, which knows its servers without a key. */
function hubProblemWords(
  problem: string,
  isRelays: boolean,
  trans: TranslationBundle
): string {
  if (!isRelays || problem.startsWith('the settings ')) {
    return '';
  }
  return /^40[13]/.test(problem)
    ? trans.__(
        'your class’s collector does not let this server send (%1). Stop the server in the Hub Control Panel and start it again; if that changes nothing, the account is not in the course’s group of the hub',
        problem
      )
    : trans.__(
        'the Jupyter server cannot send to your class’s collector (%1). Whoever runs the hub can see whether that service runs',
        problem
      );
}

/** A problem, and how the instructor can solve it where that is known. */
function problemWords(
  problem: string,
  isRelays: boolean,
  isDirect: boolean,
  trans: TranslationBundle
): string {
  if (/^40[13]/.test(problem)) {
    return trans.__(
      'the project key or the login is refused (%1). Correct the key in the settings under Student Telemetry',
      problem
    );
  }
  // The browser's and the relay's words for it.
  if (problem === 'quota' || problem === 'the project is over its quota') {
    return trans.__('the PostHog project is over its quota');
  }
  // The server names what its settings lack.
  if (isRelays && problem.startsWith('the settings ')) {
    return trans.__(
      'the Jupyter server does not know where to send to: %1',
      problem
    );
  }
  // An answer of PostHog's begins with its status.
  if (isRelays && !/^\d/.test(problem)) {
    return trans.__(
      'the Jupyter server cannot reach PostHog (%1). Check the host in the settings, and the server’s network and proxy',
      problem
    );
  }
  // Browsers say no more than this of a request that failed.
  if (/^(TypeError|no answer)/.test(problem)) {
    const words = trans.__(
      'no answer comes (%1). The network or an ad blocker may be in the way. It goes on by itself',
      problem
    );
    return isDirect
      ? trans.__(
          '%1; “Send through the Jupyter server” in the settings leads around it',
          words
        )
      : words;
  }
  return /^\w*Error/.test(problem)
    ? trans.__(
        'this browser’s database refuses (%1). It is tried again; to reload the page or to free disk space may help',
        problem
      )
    : trans.__('the other end says “%1”', problem);
}

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString();
}
