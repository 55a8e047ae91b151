import { BrowserTabs } from '../../../delivery/pages/browsertabs';
import type { ILeader, TabMessage } from '../../../delivery/pages/tabs';
import { FakeChannel, FakeLocks, show } from '../../browserfakes';
import { settled } from '../../deliverystage';
import { ListenerCount } from '../../listeners';

const NAME = 'ipynb-telemetry:test';

class FakeLeader implements ILeader {
  /** Whether it sends. */
  isOn = false;
  /** Holds up its stop. */
  busy: Promise<void> = Promise.resolve();

  start(): void {
    this.isOn = true;
  }

  async stop(): Promise<void> {
    await this.busy;
    this.isOn = false;
  }
}

let locks: FakeLocks | undefined;
let opened: BrowserTabs[];
/** What is posted between the pages. */
let posted: unknown[];
/** A page of which the test plays the part. */
let channel: FakeChannel;
let error: jest.SpyInstance;

function open(name = NAME): [tabs: BrowserTabs, leader: FakeLeader] {
  const [tabs, leader] = [new BrowserTabs(name), new FakeLeader()];
  opened.push(tabs);
  tabs.lead(leader);
  return [tabs, leader];
}

beforeEach(() => {
  Object.assign(globalThis, { BroadcastChannel: FakeChannel });
  locks = new FakeLocks();
  Object.defineProperty(navigator, 'locks', {
    configurable: true,
    get: () => locks
  });
  error = jest.spyOn(console, 'error').mockReturnValue();
  opened = [];
  posted = [];
  show(true);
  channel = new FakeChannel(NAME);
  channel.addEventListener('message', event =>
    posted.push((event as MessageEvent).data)
  );
});

afterEach(async () => {
  await Promise.all(opened.map(tabs => tabs.close()));
  channel.close();
  await settled();
  expect(FakeChannel.open.size).toBe(0);
  expect(locks?.count ?? 0).toBe(0);
  expect(error).not.toHaveBeenCalled();
  jest.restoreAllMocks();
});

describe('the page that sends', () => {
  it('is one, and the next one when that is closed', async () => {
    const [first, a] = open();
    const [second, b] = open();
    await settled();
    expect([a.isOn, b.isOn]).toEqual([true, false]);
    expect([first.isLeading, second.isLeading]).toEqual([true, false]);
    await first.close();
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    expect([first.isLeading, second.isLeading]).toEqual([false, true]);
  });

  it('is not followed before what it has under way has ended', async () => {
    let end: () => void = () => undefined;
    const [first, a] = open();
    const [, b] = open();
    await settled();
    a.busy = new Promise(resolve => {
      end = resolve;
    });
    const closing = first.close();
    await settled();
    expect(b.isOn).toBe(false);
    end();
    await closing;
    await settled();
    expect(b.isOn).toBe(true);
  });

  it('hands over when it is hidden and another one is in front', async () => {
    const [, a] = open();
    const [second, b] = open();
    await settled();
    show(false);
    expect(a.isOn).toBe(true);
    channel.postMessage({ kind: 'front' });
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    // It stands in line again.
    await second.close();
    await settled();
    expect(a.isOn).toBe(true);
  });

  it('says that it is hidden, and goes on while nobody is in line', async () => {
    const [, a] = open();
    await settled();
    posted.length = 0;
    show(false);
    expect(posted).toEqual([{ kind: 'hidden' }]);
    channel.postMessage({ kind: 'front' });
    await settled();
    // Nobody else stands in line: it goes on.
    expect(a.isOn).toBe(true);
  });

  it('does not while it is in front itself', async () => {
    const [, a] = open();
    open();
    await settled();
    channel.postMessage({ kind: 'front' });
    await settled();
    expect(a.isOn).toBe(true);
  });
});

describe('a page that rests', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));

  afterEach(() => jest.useRealTimers());

  it('lets the next one send, though it is in front, and is the next again', async () => {
    const [first, a] = open();
    const [second, b] = open();
    await settled();
    void first.rest();
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    expect(locks?.count).toBe(1);
    // Nor does it ask for what it could not do.
    posted.length = 0;
    channel.postMessage({ kind: 'hidden' });
    channel.postMessage({ kind: 'state', problem: null, nextAttempt: null });
    expect(posted).toEqual([]);

    jest.advanceTimersByTime(60_000);
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    expect(locks?.count).toBe(2);
    expect(posted).toEqual([{ kind: 'front' }]);
    await second.close();
    await settled();
    expect(a.isOn).toBe(true);
  });

  it('goes on when there is no other, or only of another name', async () => {
    const [tabs, leader] = open();
    open('another');
    await settled();
    await tabs.rest();
    expect(leader.isOn).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when it is closed', async () => {
    const [tabs] = open();
    const [next] = open();
    await settled();
    await tabs.rest();
    await settled();
    expect(jest.getTimerCount()).toBe(1);
    await Promise.all([tabs.close(), next.close()]);
    await settled();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a page that does not send', () => {
  const FRONT = { kind: 'front' };

  it('asks for it when it is opened in front', () => {
    open();
    expect(posted).toEqual([FRONT]);
  });

  it('does not when it is opened in the background', () => {
    show(false);
    open();
    expect(posted).toEqual([]);
  });

  it('asks for it when it comes to the front, and not when it goes', async () => {
    show(false);
    // This one sends, and need not ask.
    open();
    await settled();
    const [tabs] = open();
    show(true);
    expect(posted).toEqual([FRONT]);
    show(false);
    expect(posted).toEqual([FRONT, { kind: 'hidden' }]);
    expect(tabs.isLeading).toBe(false);
  });

  it('asks for it when the one that sends is hidden and this one is not', async () => {
    open();
    open();
    await settled();
    posted.length = 0;
    channel.postMessage({ kind: 'hidden' });
    expect(posted).toEqual([FRONT]);
    show(false);
    posted.length = 0;
    channel.postMessage({ kind: 'hidden' });
    expect(posted).toEqual([]);
  });

  it('asks only when it stands in line: it would not be the next', () => {
    const counts: number[] = [];
    channel.addEventListener('message', () => counts.push(locks?.count ?? 0));
    open();
    expect(counts).toEqual([1]);
  });

  it('asks again when one that was before it in line begins', async () => {
    open();
    open();
    await settled();
    posted.length = 0;
    channel.postMessage({ kind: 'state', problem: null, nextAttempt: null });
    expect(posted).toEqual([FRONT]);
  });
});

describe('without Web Locks', () => {
  beforeEach(() => {
    locks = undefined;
  });

  it('every page sends, until it is closed', async () => {
    const [first, a] = open();
    const [, b] = open();
    show(true);
    await first.rest();
    expect([a.isOn, b.isOn]).toEqual([true, true]);
    // None need ask for it.
    expect(posted).toEqual([]);
    await first.close();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
  });
});

it('a browser that refuses its locks is told of, and every page sends', async () => {
  const request = jest.fn().mockRejectedValue(new Error('SecurityError'));
  locks = { request, count: 0 } as unknown as FakeLocks;
  const [tabs, leader] = open();
  await settled();
  expect(error).toHaveBeenCalledTimes(1);
  expect([tabs.isLeading, leader.isOn]).toEqual([true, true]);
  // Nor does it stop for one in front, which sends by itself.
  show(false);
  channel.postMessage({ kind: 'front' });
  await settled();
  expect([tabs.isLeading, leader.isOn]).toEqual([true, true]);
  error.mockClear();
});

describe('close', () => {
  it('leaves nothing behind, and nothing is said any more', async () => {
    const listeners = new ListenerCount();
    const [tabs, leader] = open();
    const [waiting] = open();
    await settled();
    const received = jest.fn();
    tabs.onMessage = received;
    await Promise.all([waiting.close(), tabs.close()]);
    // Of the channels and signals, which go with the page.
    const gone = ['abort', 'message'];
    expect(listeners.left.filter(type => !gone.includes(type))).toEqual([]);
    listeners.restore();
    posted.length = 0;
    tabs.post({ kind: 'added' });
    channel.postMessage({ kind: 'added' });
    show(true);
    await settled();
    expect(posted).toEqual([]);
    expect(received).not.toHaveBeenCalled();
    expect(leader.isOn).toBe(false);
  });
});

describe('messages', () => {
  const received = (): TabMessage[] => {
    const all: TabMessage[] = [];
    const [tabs] = open();
    tabs.onMessage = message => all.push(message);
    return all;
  };

  it.each<TabMessage>([
    { kind: 'added' },
    { kind: 'send_now' },
    { kind: 'moved' },
    { kind: 'left', rows: [{ uuid: 'a', json: '{}' }] },
    { kind: 'delivered', uuids: ['a', 'b'] },
    { kind: 'dropped', uuids: ['a', 'b'] },
    { kind: 'set_aside', uuid: 'a', reason: '400' },
    { kind: 'relay', answer: { waiting: 1 } },
    { kind: 'state', problem: '401', nextAttempt: 5 },
    { kind: 'state', problem: null, nextAttempt: null }
  ])('reach the other pages: %j', message => {
    const mine = received();
    const theirs = received();
    opened[0].post(message);
    expect(theirs).toEqual([message]);
    expect(mine).toEqual([]);
  });

  it('that ask for the lead concern nobody else', () => {
    const all = received();
    channel.postMessage({ kind: 'front' });
    expect(all).toEqual([]);
  });

  it.each<unknown>([
    null,
    undefined,
    'added',
    7,
    {},
    { kind: 'unknown' },
    { kind: 'left' },
    { kind: 'left', rows: 'x' },
    { kind: 'left', rows: [null] },
    { kind: 'left', rows: [{ uuid: 'a' }] },
    { kind: 'left', rows: [{ uuid: 7, json: '{}' }] },
    { kind: 'delivered', uuids: [1] },
    { kind: 'delivered', uuids: { length: 1 } },
    { kind: 'dropped' },
    { kind: 'dropped', uuids: [null] },
    { kind: 'set_aside', uuid: 'a' },
    { kind: 'set_aside', reason: 'a' },
    { kind: 'state' },
    { kind: 'state', problem: 4, nextAttempt: null },
    { kind: 'state', problem: null, nextAttempt: 'soon' }
  ])('of another shape are ignored: %j', data => {
    const all = received();
    channel.postMessage(data);
    expect(all).toEqual([]);
  });
});
