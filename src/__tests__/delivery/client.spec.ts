/** @jest-environment node */
import { DeliveryClient } from '../../delivery/client';
import { LIBRARY } from '../../delivery/newevent';
import { ClientStage, FakeServer } from '../clientstage';
import { range, settled, uuidsOf } from '../deliverystage';

let stage: ClientStage;

beforeEach(() => {
  stage = new ClientStage();
});

afterEach(() => jest.restoreAllMocks());

describe('DeliveryClient', () => {
  it('needs a host and a key only', async () => {
    const fetch = jest
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('{"status": 1}')));
    const host = 'http://collector.example';
    const client = new DeliveryClient({ host, key: 'phc_x' });
    await client.capture({ event: 'blur', distinct_id: 'JOHN_DOE' });
    await client.flush();
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([`${host}/batch/`]);
    expect(await client.pending()).toBe(0);
    await client.close();
  });

  it('makes up what an event lacks, and nothing else', async () => {
    const { client, clock, server } = stage;
    const event = { event: 'blur', distinct_id: 'JOHN_DOE' };
    await client.capture(event);
    const whole = {
      ...event,
      uuid: '018cc813-6c1e-7000-8000-000000000001',
      timestamp: '2020-01-01T00:00:00.000Z',
      properties: { seq: 1, $lib: 'mine' }
    };
    void client.capture(whole);
    await clock.advance(400);
    await client.flush();
    expect(server.events).toEqual([
      {
        ...event,
        uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        timestamp: '2024-01-02T03:04:05.000Z',
        properties: { $lib: LIBRARY.name, $lib_version: LIBRARY.version }
      },
      whole
    ]);
  });

  it('stores an event first, and sends it soon', async () => {
    const { clock, observer, outbox, server } = stage;
    await stage.capture('a', 'b');
    expect(await outbox.counts()).toMatchObject({ waiting: 2 });
    expect(server.batches).toEqual([]);
    await clock.advance(400);
    expect(server.batches).toEqual([['a', 'b']]);
    expect(observer.deliveries).toEqual(['a', 'b']);
    expect(await outbox.counts()).toMatchObject({ waiting: 0 });
  });

  it('tells of an event that is no JSON, and goes on', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const { client, clock, server } = stage;
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const properties of [{ large: BigInt(1) }, cycle]) {
      const event = { event: 'quiz', distinct_id: 'JOHN_DOE', properties };
      await expect(client.capture(event)).resolves.toBeUndefined();
    }
    expect(warn).toHaveBeenCalledTimes(2);
    await stage.capture('a');
    await clock.advance(400);
    expect(server.batches).toEqual([['a']]);
    expect(await client.pending()).toBe(0);
  });

  it('counts what waits, what is being written included', async () => {
    const { client, server } = stage;
    server.answer = () => 503;
    void stage.capture('a', 'b');
    expect(await client.pending()).toBe(2);
    await client.flush();
    expect(await client.pending()).toBe(2);
    server.answer = () => 200;
    await client.flush();
    expect(await client.pending()).toBe(0);
  });

  it('shows what is not delivered, and the reasons', async () => {
    const { client, server } = stage;
    server.answer = uuids => (uuids.includes('a') ? 400 : 503);
    void stage.capture('a', 'b');
    await client.flush();
    expect(stage.observer.asides).toEqual([['a', '400 by the test']]);
    const { waiting, setAside } = await client.undelivered();
    expect(waiting).toMatchObject([{ uuid: 'b', event: 'blur' }]);
    expect(setAside).toMatchObject([
      { event: { uuid: 'a', event: 'blur' }, reason: '400 by the test' }
    ]);
  });

  it('shows the rest where somebody else wrote what is no JSON', async () => {
    const { client, outbox, server } = stage;
    server.answer = () => 503;
    await outbox.setAside({ uuid: 'x', json: '{', reason: '400' });
    await outbox.add([{ uuid: 'y', json: '' }]);
    await stage.capture('a');
    const { waiting, setAside } = await client.undelivered();
    expect(uuidsOf(waiting)).toEqual(['a']);
    expect(setAside).toEqual([]);
  });

  it('sends what was refused again when it is asked to', async () => {
    const { client, observer, server } = stage;
    server.answer = () => 400;
    void stage.capture('a');
    await client.flush();
    server.answer = () => 200;
    await client.flush();
    expect(observer.deliveries).toEqual([]);
    await client.sendNow();
    expect(observer.deliveries).toEqual(['a']);
    expect(await client.undelivered()).toEqual({ waiting: [], setAside: [] });
  });

  it('tries at once when it is woken', async () => {
    const { client, clock, observer, server } = stage;
    server.answer = () => 503;
    void stage.capture('a');
    await clock.advance(60_000);
    server.answer = () => 200;
    client.wake();
    await clock.advance(0);
    expect(observer.deliveries).toEqual(['a']);
  });

  it('gives events up beyond its limits, and says which', async () => {
    const limits = { events: 10, bytes: 1e9 };
    const { client, observer, outbox, server } = (stage = new ClientStage({
      limits
    }));
    server.answer = () => 503;
    void stage.capture(...range(12));
    await client.flush();
    expect(observer.drops).toEqual(range(3));
    expect(uuidsOf(observer.losses)).toEqual(range(3));
    expect(observer.losses[0].event).toBe('blur');
    expect(await outbox.counts()).toMatchObject({ dropped: 3 });
  });

  it('rests after as many attempts as it is told', async () => {
    const { clock, server } = (stage = new ClientStage({ maxRetries: 1 }));
    server.answer = () => 503;
    void stage.capture('a');
    await clock.advance(1_000_000);
    expect(server.batches).toHaveLength(2);
    expect(await stage.client.pending()).toBe(1);
  });
});

describe('another destination', () => {
  it('gets what waits and what was refused', async () => {
    const { client, clock, observer, server } = stage;
    const { fetch, ...other } = new FakeServer();
    server.answer = uuids => (uuids.includes('a') ? 400 : 401);
    void stage.capture('a', 'b');
    await client.flush();
    const before = server.batches.length;
    client.destination = { host: 'http://other.example', key: 'phc_y', fetch };
    await clock.advance(1_000);
    expect(server.batches).toHaveLength(before);
    expect(other.batches.flat().sort()).toEqual(['a', 'b']);
    expect(other.requests[0][0]).toBe('http://other.example/batch/');
    expect(other.requests[0][1].body).toContain('phc_y');
    expect([...observer.deliveries].sort()).toEqual(['a', 'b']);
    expect(client.health.problem).toBeNull();
  });
});

describe('no destination for now', () => {
  it('sends nothing, not even as the page is left, and loses nothing', async () => {
    const { client, clock, observer, outbox, server } = stage;
    client.destination = null;
    await stage.capture('a');
    client.leave();
    await client.sendNow();
    await clock.advance(3_600_000);
    expect(server.requests).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
    const { fetch } = server;
    client.destination = { host: 'http://other.example', key: 'phc_y', fetch };
    await settled();
    expect(observer.deliveries).toEqual(['a']);
  });

  it('does not take back what is under way', async () => {
    const { client, clock, observer, server } = stage;
    const { fetch, ...other } = new FakeServer();
    server.answer = () =>
      new Promise(resolve => clock.after(3000, () => resolve(200)));
    await stage.capture('a');
    await clock.advance(1000);
    client.destination = null;
    await stage.capture('b');
    client.destination = { host: 'http://other.example', key: 'phc_y', fetch };
    await clock.advance(10_000);
    expect(server.batches).toEqual([['a']]);
    expect(other.batches).toEqual([['b']]);
    expect(observer.deliveries).toEqual(['a', 'b']);
  });
});

describe('close', () => {
  it('stores what was captured, sends no more and lets go', async () => {
    const { client, clock, outbox, server } = stage;
    const close = jest.spyOn(outbox, 'close');
    void stage.capture('a');
    await client.close();
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
    expect(close).toHaveBeenCalledTimes(1);
    await clock.advance(1_000_000);
    expect(server.batches).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('waits for what is under way', async () => {
    const { client, clock, observer, server } = stage;
    let answer: (status: number) => void = () => undefined;
    server.answer = () =>
      new Promise(resolve => {
        answer = resolve;
      });
    void stage.capture('a');
    await clock.advance(400);
    let isClosed = false;
    const closing = client.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect(isClosed).toBe(false);
    answer(200);
    await closing;
    expect(observer.deliveries).toEqual(['a']);
  });

  it('leaves the events to the next client', async () => {
    const { client, outbox, server } = stage;
    server.answer = () => 503;
    void stage.capture('a');
    await client.flush();
    await client.close();
    const next = new ClientStage({ outbox });
    await settled();
    expect(next.server.batches).toEqual([['a']]);
  });
});
