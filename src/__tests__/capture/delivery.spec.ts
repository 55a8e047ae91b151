import posthog from 'posthog-js/dist/module.slim';
import { Delivery } from '../../capture/delivery';
import { Retention } from '../../delivery/outbox/retention';
import type { IWireEvent } from '../../delivery/wire';
import { toRow } from '../../delivery/wire';
import type { IPayload } from '../../events/payload';
import { show } from '../browserfakes';
import { FakeServer } from '../clientstage';
import { makeSession, payloadOf, SAMPLES } from '../fakes';

let server: FakeServer;
let delivery: Delivery;
let captured: IPayload[];
let lost: IWireEvent[];
let warn: jest.SpyInstance;
let error: jest.SpyInstance;

const states = (): string[] =>
  [...delivery.log.entries].map(({ state }) => state);
const capture = (): void => {
  const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
  captured.push(payload);
  delivery.deliver(payload);
};
const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  jest.useFakeTimers();
  warn = jest.spyOn(console, 'warn').mockReturnValue();
  error = jest.spyOn(console, 'error').mockReturnValue();
  server = new FakeServer();
  lost = [];
  const { fetch } = server;
  delivery = new Delivery({
    scope: 'test',
    destination: { host: 'http://collector.example', key: 'phc_x', fetch },
    storage: null,
    posthog
  });
  delivery.lost.connect((_, events) => lost.push(...events));
  // Of the second and later ones posthog-js says that it has one already.
  warn.mockClear();
  captured = [];
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('Delivery', () => {
  it('delivers what it is given, and says so', async () => {
    capture();
    capture();
    const uuids = captured.map(({ uuid }) => uuid);
    expect(states()).toEqual(['waiting', 'waiting']);

    await pass(400);
    expect(server.batches).toEqual([uuids]);
    expect(states()).toEqual(['delivered', 'delivered']);
  });

  it('names no library in an event of which posthog-js had no say', async () => {
    jest.spyOn(posthog.constructor.prototype, 'capture').mockReturnValue(null);
    capture();
    await pass(400);
    expect(server.events).toHaveLength(1);
    expect(server.events[0].properties).not.toHaveProperty('$lib');
    expect(server.events[0].properties).not.toHaveProperty('$lib_version');
  });

  it('delivers the one event of an idle hour within two seconds', async () => {
    capture();
    await pass(3_600_000);
    for (let nth = 2; nth <= 4; nth++) {
      capture();
      await pass(2_000);
      expect(server.batches).toHaveLength(nth);
      expect(states()).toEqual(Array(nth).fill('delivered'));
      await pass(3_600_000);
    }
    expect(server.batches).toEqual(captured.map(({ uuid }) => [uuid]));
  });

  it('sends what the event says', async () => {
    capture();
    await pass(400);
    expect(server.events).toMatchObject([
      {
        uuid: captured[0].uuid,
        event: 'blur',
        distinct_id: 'JOHN_DOE',
        timestamp: captured[0].timestamp,
        properties: { ...SAMPLES.blur, seq: 1, $ip: null }
      }
    ]);
  });

  it('tells how it fares, a moment later', async () => {
    const healths: number[] = [];
    delivery.healthChanged.connect(({ health }) =>
      healths.push(health.delivered)
    );
    capture();
    await pass(2000);
    expect(healths[healths.length - 1]).toBe(1);
    expect(delivery.health).toMatchObject({ waiting: 0, delivered: 1 });
  });

  it('hands the browser what is waiting when the page is left', () => {
    capture();
    delivery.leave();
    expect(server.batches).toEqual([[captured[0].uuid]]);
    expect(server.requests[0][1].keepalive).toBe(true);
  });

  it('sends to another place when it is told to', async () => {
    const other = new FakeServer();
    const { fetch } = other;
    capture();
    delivery.destination = { host: 'http://other.example', key: 'x', fetch };
    await pass(400);
    expect(server.batches).toEqual([]);
    expect(other.requests[0][0]).toBe('http://other.example/batch/');
  });

  it.each([
    ['the network is back', () => window.dispatchEvent(new Event('online'))],
    [
      'the student is back',
      () => document.dispatchEvent(new Event('visibilitychange'))
    ]
  ])('tries again at once when %s', async (_, happen) => {
    server.answer = () => 503;
    capture();
    await pass(60_000);
    const before = server.batches.length;
    server.answer = () => 200;
    happen();
    await pass(0);
    expect(server.batches).toHaveLength(before + 1);
    expect(states()).toEqual(['delivered']);
  });

  it('ends no pause because the student turns away', async () => {
    server.answer = () => 503;
    capture();
    await pass(60_000);
    const before = server.batches.length;
    show(false);
    await pass(0);
    expect(server.batches).toHaveLength(before);
    show(true);
    await pass(0);
    expect(server.batches).toHaveLength(before + 1);
  });

  it('sends what is being gathered when the student turns away', async () => {
    capture();
    await pass(0);
    show(false);
    await pass(0);
    expect(server.batches).toHaveLength(1);
    show(true);
  });
});

describe('an event that is refused', () => {
  beforeEach(async () => {
    server.answer = () => 400;
    capture();
    await pass(400);
  });

  it('is told of, and kept', async () => {
    expect([...delivery.log.entries]).toMatchObject([
      { state: 'set_aside', reason: '400 by the test' }
    ]);
    expect(error).toHaveBeenCalledTimes(1);
    const { waiting, setAside } = await delivery.undelivered();
    expect(waiting).toEqual([]);
    expect(setAside).toMatchObject([
      { event: { uuid: captured[0].uuid }, reason: '400 by the test' }
    ]);
  });

  it('is sent again when that is asked for', async () => {
    server.answer = () => 200;
    await delivery.sendNow();
    expect(states()).toEqual(['delivered']);
  });
});

describe('events that are given up', () => {
  it('are said to be, and told of', async () => {
    capture();
    capture();
    server.answer = () => 503;
    jest
      .spyOn(Retention.prototype, 'trim')
      .mockImplementationOnce(() => Promise.resolve(captured.map(wire)));
    await pass(400);
    expect(states()).toEqual(['dropped', 'dropped']);
    expect(lost.map(({ uuid }) => uuid)).toEqual(
      captured.map(({ uuid }) => uuid)
    );
  });

  function wire(payload: IPayload): ReturnType<typeof toRow> {
    const { uuid, session_id, seq } = payload;
    const properties = { session_id, seq };
    return toRow({ uuid, properties } as unknown as IWireEvent);
  }
});

it('a browser that refuses its channels costs no event', async () => {
  const refuse = jest.fn(() => {
    throw new DOMException('sandboxed', 'SecurityError');
  });
  Object.assign(globalThis, { BroadcastChannel: refuse });
  const { fetch } = server;
  delivery = new Delivery({
    scope: 'refused',
    storage: null,
    posthog,
    destination: { host: 'http://collector.example', key: 'phc_x', fetch }
  });
  Object.assign(globalThis, { BroadcastChannel: undefined });
  capture();
  await pass(400);
  expect(refuse).toHaveBeenCalledTimes(1);
  expect(states()).toEqual(['delivered']);
});
