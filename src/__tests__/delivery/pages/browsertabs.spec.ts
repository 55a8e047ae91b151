import { FakeLocks, show, turn } from '../../browserfakes';
import { settled } from '../../deliverystage';
import { ListenerCount } from '../../listeners';
import { TabsStage } from './tabsstage';

const stage = new TabsStage();
const { open } = stage;

describe('the page that sends', () => {
  it('is the first one, and the second once the first is closed', async () => {
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

  it('hands over when it is hidden and another page is in front', async () => {
    const [, a] = open();
    const [second, b] = open();
    await settled();
    show(false);
    expect(a.isOn).toBe(true);
    stage.channel.postMessage({ kind: 'front' });
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    // The page that let go stands in line again.
    await second.close();
    await settled();
    expect(a.isOn).toBe(true);
  });

  it('says that it is hidden, and goes on while nobody is in line', async () => {
    const [, a] = open();
    await settled();
    stage.posted.length = 0;
    show(false);
    expect(stage.posted).toEqual([{ kind: 'hidden' }]);
    stage.channel.postMessage({ kind: 'front' });
    await settled();
    // Nobody else stands in line: it goes on.
    expect(a.isOn).toBe(true);
  });

  it('does not hand over while it is in front itself', async () => {
    const [, a] = open();
    open();
    await settled();
    stage.channel.postMessage({ kind: 'front' });
    await settled();
    expect(a.isOn).toBe(true);
  });
});

describe('a page that rests', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate'] }));

  afterEach(() => jest.useRealTimers());

  it('lets the next page send, though it is in front itself, and is next in line again', async () => {
    const [first, a] = open();
    const [second, b] = open();
    await settled();
    void first.rest();
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    expect(stage.locks?.count).toBe(1);
    // Nor does it ask for what it could not do.
    stage.posted.length = 0;
    stage.channel.postMessage({ kind: 'hidden' });
    stage.channel.postMessage({
      kind: 'state',
      problem: null,
      nextAttempt: null
    });
    expect(stage.posted).toEqual([]);

    jest.advanceTimersByTime(60_000);
    await settled();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
    expect(stage.locks?.count).toBe(2);
    expect(stage.posted).toEqual([{ kind: 'front' }]);
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

  it('asks to send when it is opened in front', () => {
    open();
    expect(stage.posted).toEqual([FRONT]);
  });

  it('does not ask when it is opened in the background', () => {
    show(false);
    open();
    expect(stage.posted).toEqual([]);
  });

  it('asks to send when it comes to the front, and not when it leaves the front', async () => {
    show(false);
    // The first tab sends, and need not ask.
    open();
    await settled();
    const [tabs] = open();
    show(true);
    expect(stage.posted).toEqual([FRONT]);
    show(false);
    expect(stage.posted).toEqual([FRONT, { kind: 'hidden' }]);
    expect(tabs.isLeading).toBe(false);
  });

  it('asks to send when the page that sends is hidden and it is not', async () => {
    open();
    open();
    await settled();
    stage.posted.length = 0;
    stage.channel.postMessage({ kind: 'hidden' });
    expect(stage.posted).toEqual([FRONT]);
    show(false);
    stage.posted.length = 0;
    stage.channel.postMessage({ kind: 'hidden' });
    expect(stage.posted).toEqual([]);
  });

  it('asks only once it stands in line: earlier it would not be the next', () => {
    const counts: number[] = [];
    stage.channel.addEventListener('message', () =>
      counts.push(stage.locks?.count ?? 0)
    );
    open();
    expect(counts).toEqual([1]);
  });

  it('asks again when a page that was before it in line begins', async () => {
    open();
    open();
    await settled();
    stage.posted.length = 0;
    stage.channel.postMessage({
      kind: 'state',
      problem: null,
      nextAttempt: null
    });
    expect(stage.posted).toEqual([FRONT]);
  });
});

describe('without Web Locks', () => {
  beforeEach(() => {
    stage.locks = undefined;
  });

  it('every page sends, until it is closed', async () => {
    const [first, a] = open();
    const [, b] = open();
    show(true);
    await first.rest();
    expect([a.isOn, b.isOn]).toEqual([true, true]);
    // No page need ask for the turn.
    expect(stage.posted).toEqual([]);
    await first.close();
    expect([a.isOn, b.isOn]).toEqual([false, true]);
  });
});

it('a browser that refuses its locks is told of, and every page sends', async () => {
  const request = jest.fn().mockRejectedValue(new Error('SecurityError'));
  stage.locks = { request, count: 0 } as unknown as FakeLocks;
  const [tabs, leader] = open();
  await settled();
  expect(stage.error).toHaveBeenCalledTimes(1);
  expect([tabs.isLeading, leader.isOn]).toEqual([true, true]);
  // Nor does it stop for one in front, which sends by itself.
  show(false);
  stage.channel.postMessage({ kind: 'front' });
  await settled();
  expect([tabs.isLeading, leader.isOn]).toEqual([true, true]);
  stage.error.mockClear();
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
    stage.posted.length = 0;
    tabs.post({ kind: 'added' });
    stage.channel.postMessage({ kind: 'added' });
    show(true);
    await settled();
    expect(stage.posted).toEqual([]);
    expect(received).not.toHaveBeenCalled();
    expect(leader.isOn).toBe(false);
  });
});

describe('a page in the browser’s back/forward cache', () => {
  it('has no place in the line, and takes one when it is back', async () => {
    const [first, a] = open();
    await settled();
    // What is under way may never be answered.
    a.busy = new Promise(() => undefined);
    turn('pagehide');
    await settled();
    expect(first.isLeading).toBe(false);
    expect(stage.locks?.count).toBe(0);
    // Until it is back: what it captures on its way out is nobody else's to send.
    expect(first.hasLed).toBe(true);

    a.busy = Promise.resolve();
    a.isOn = false;
    turn('pageshow');
    await settled();
    expect(first.isLeading).toBe(true);
    expect(first.hasLed).toBe(false);
    expect(a.isOn).toBe(true);
  });

  it('gives up a place in the line, too', async () => {
    open();
    const [second, b] = open();
    await settled();
    turn('pagehide');
    await settled();
    expect(stage.locks?.count).toBe(0);
    expect(second.hasLed).toBe(false);
    turn('pageshow');
    await settled();
    expect(stage.locks?.count).toBe(2);
    expect([second.isLeading, b.isOn]).toEqual([false, false]);
  });

  it('is not where a page goes that is left for good', async () => {
    const [first] = open();
    await settled();
    turn('pagehide', false);
    await settled();
    expect(first.isLeading).toBe(true);
  });
});
