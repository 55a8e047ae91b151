/** @jest-environment node */
import type { HealthMonitor } from '../../delivery/health';
import { Leaving } from '../../delivery/outbox/leaving';
import { Outcomes } from '../../delivery/outcomes';
import type { Outcome } from '../../delivery/pages/tabs';
import { ClientObserver, FakeTabs } from '../clientstage';
import { row, wireEvent } from '../deliverystage';

let observer: ClientObserver;
let tabs: FakeTabs;
let monitor: Record<'delivered' | 'setAside' | 'dropped' | 'state', jest.Mock>;
let settled: jest.Mock;
let outcomes: Outcomes;

beforeEach(() => {
  observer = new ClientObserver();
  tabs = new FakeTabs([]);
  monitor = {
    delivered: jest.fn(),
    setAside: jest.fn(),
    dropped: jest.fn(),
    state: jest.fn()
  };
  settled = jest.fn();
  outcomes = new Outcomes({
    leaving: new Leaving(),
    monitor: monitor as unknown as HealthMonitor,
    observer,
    tabs,
    settled
  });
});

const OUTCOMES: Outcome[] = [
  { kind: 'delivered', uuids: ['a', 'b'] },
  { kind: 'set_aside', uuid: 'a', reason: '400' },
  { kind: 'dropped', uuids: ['a'] },
  { kind: 'state', problem: 'down', nextAttempt: 7 }
];

it.each(OUTCOMES)('tells other pages once what this one did: %j', outcome => {
  outcomes.tell(outcome);
  expect(tabs.posted).toEqual([outcome]);
});

it.each(OUTCOMES)('tells nobody else what another page did: %j', outcome => {
  outcomes.hear(outcome);
  expect(tabs.posted).toEqual([]);
});

it.each(['tell', 'hear'] as const)(
  '%s tells the observer and the monitor of this page once',
  method => {
    OUTCOMES.forEach(outcome => outcomes[method](outcome));
    expect(observer.deliveries).toEqual(['a', 'b']);
    expect(observer.asides).toEqual([['a', '400']]);
    expect(observer.drops).toEqual(['a']);
    expect(monitor.delivered.mock.calls).toEqual([[['a', 'b']]]);
    expect(monitor.setAside.mock.calls).toEqual([['a']]);
    expect(monitor.dropped.mock.calls).toEqual([[['a']]]);
    expect(monitor.state.mock.calls).toEqual([['disk', 'down', 7]]);
    expect(settled).toHaveBeenCalledTimes(1);
  }
);

it('tells of a loss in this page only', () => {
  outcomes.of('disk').dropped([row('a')]);
  expect(observer.losses).toEqual([wireEvent('a')]);
  expect(tabs.posted).toEqual([{ kind: 'dropped', uuids: ['a'] }]);
  outcomes.hear({ kind: 'dropped', uuids: ['b'] });
  expect(observer.losses).toHaveLength(1);
});

it('tells no other page of the memory of this one', () => {
  outcomes.of('memory').state('down', 7);
  expect(monitor.state.mock.calls).toEqual([['memory', 'down', 7]]);
  expect(tabs.posted).toEqual([]);
});

it('takes a refusal for a sign of life, and no answer for none', () => {
  const { sent } = outcomes.of('disk');
  sent?.({ status: 'rejected', reason: '400 No' });
  expect(monitor.delivered.mock.calls).toEqual([[[]]]);
  expect(tabs.posted).toEqual([{ kind: 'delivered', uuids: [] }]);
  sent?.({ status: 'retry', reason: 'no answer' });
  sent?.({ status: 'accepted' });
  expect(tabs.posted).toHaveLength(1);
  expect(observer.deliveries).toEqual([]);
});
