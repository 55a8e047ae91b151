import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDeliveryHealth } from '../delivery/health';
import type { KeptAt } from './model';
import { LOGGED_OUT, problemWords } from './problemwords';

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
            problemWords(
              problem,
              { isRelays: !health.problem, isDirect, isClass, isOfHub },
              trans
            )
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

function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString();
}
