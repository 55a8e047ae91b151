/** @jest-environment node */
import { ClientStage, FakeTabs } from '../clientstage';
import { HEALTHY, range, row, settled } from '../deliverystage';

let stage: ClientStage;

/** Counts are a moment old, and in a burst so old. */
const MOMENT = 200;
const BURST = 1_000;

beforeEach(() => {
  stage = new ClientStage();
  jest.spyOn(console, 'warn').mockReturnValue();
});

afterEach(() => jest.restoreAllMocks());

describe('health', () => {
  it('is that nothing happened, at first', async () => {
    expect(stage.client.health).toEqual(HEALTHY);
    await stage.clock.advance(MOMENT);
    expect(stage.client.health).toEqual(HEALTHY);
  });

  it('counts what an earlier visit left', async () => {
    stage.server.answer = () => 503;
    await stage.capture('a', 'b');
    await stage.outbox.add([row('old')]);
    await stage.outbox.drop(['old']);
    await stage.outbox.setAside({ uuid: 'b', json: '{}', reason: '400' });
    const next = new ClientStage({ outbox: stage.outbox });
    next.server.answer = () => 503;
    await next.clock.advance(MOMENT);
    const { waiting, setAside, refusals, dropped } = next.client.health;
    expect({ waiting, setAside, refusals, dropped }).toEqual({
      waiting: 1,
      setAside: 1,
      // What they are refused for is not gone with the page that was told.
      refusals: [{ reason: '400', count: 1 }],
      dropped: 1
    });
  });

  it('follows what becomes of events', async () => {
    const { client, clock, observer, server } = stage;
    await stage.capture('a', 'b', 'c');
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({ waiting: 3, delivered: 0 });

    server.answer = uuids => (uuids.includes('b') ? 400 : 200);
    await clock.advance(MOMENT);
    const contact = new Date(clock.now()).toISOString();
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({
      waiting: 0,
      delivered: 2,
      setAside: 1,
      lastContact: contact
    });
    await clock.advance(BURST);
    expect(observer.changes).toBeGreaterThan(1);

    server.answer = () => 200;
    await client.sendNow();
    await clock.advance(BURST);
    expect(client.health).toMatchObject({ delivered: 3, setAside: 0 });
  });

  it('says what is wrong and when it is tried again, until it is right', async () => {
    const { client, clock, server } = stage;
    jest.spyOn(Math, 'random').mockReturnValue(1);
    server.answer = () => 401;
    await stage.capture('a');
    await clock.advance(400);
    const next = new Date(clock.now() + 120_000).toISOString();
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({
      waiting: 1,
      problem: '401 by the test',
      nextAttempt: next
    });
    server.answer = () => 200;
    await clock.advance(120_000);
    expect(client.health).toMatchObject({
      waiting: 0,
      problem: null,
      nextAttempt: null
    });
  });

  it.each([401, 429, 500, 400, 413])(
    'has the other end’s answer %d as a contact, in every page',
    async status => {
      const pages: FakeTabs[] = [];
      stage = new ClientStage({ tabs: new FakeTabs(pages) });
      const { client, clock, server } = stage;
      const other = new ClientStage({ tabs: new FakeTabs(pages), clock });
      // A fault that passes is no problem to tell of, and an answer all the same.
      server.answer = () => status;
      await stage.capture('a');
      await clock.advance(400);
      const contact = new Date(clock.now()).toISOString();
      await clock.advance(MOMENT);
      expect(client.health).toMatchObject({
        delivered: 0,
        lastContact: contact
      });
      expect(other.client.health.lastContact).toBe(contact);
    }
  );

  it('has the word of a project over its quota as a contact', async () => {
    const answer = { status: 1, quota_limited: ['events'] };
    stage = new ClientStage({
      fetch: () => Promise.resolve(Response.json(answer))
    });
    const { client, clock } = stage;
    await stage.capture('a');
    await clock.advance(400 + MOMENT);
    expect(client.health).toMatchObject({ waiting: 1, delivered: 0 });
    expect(client.health.lastContact).not.toBeNull();
  });

  it('takes no failure of the network for a contact', async () => {
    const { client, clock, server } = stage;
    jest
      .spyOn(server, 'answer')
      .mockRejectedValue(new TypeError('Failed to fetch'));
    await stage.capture('a');
    await clock.advance(60_000);
    expect(client.health).toMatchObject({
      problem: 'TypeError: Failed to fetch',
      lastContact: null
    });
  });

  it('is counted once for a burst', async () => {
    const { clock, observer } = stage;
    await clock.advance(MOMENT);
    const before = observer.changes;
    for (const uuid of range(100)) {
      void stage.capture(uuid);
      await settled();
    }
    await clock.advance(BURST);
    expect(observer.changes).toBe(before + 1);
  });
});

describe('a client without a disk', () => {
  it('says so, and delivers all the same', async () => {
    stage = new ClientStage({ outbox: undefined });
    const { client, clock, observer } = stage;
    expect(client.health.isDurable).toBe(false);
    await stage.capture('a');
    expect(await client.pending()).toBe(1);
    await clock.advance(400 + MOMENT);
    expect(observer.deliveries).toEqual(['a']);
    expect(client.health).toMatchObject({ delivered: 1, isDurable: false });
  });
});

describe('a disk that refuses', () => {
  /** Every method of an outbox that asks the disk. */
  const METHODS = [
    'add',
    'peek',
    'remove',
    'counts',
    'drop',
    'setAside',
    'asides',
    'restore'
  ] as const;

  it('is said, until it takes events again', async () => {
    const { client, clock, observer, outbox } = stage;
    const add = jest.spyOn(outbox, 'add').mockRejectedValue(new Error('full'));
    await stage.capture('a');
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({ isDurable: false, waiting: 1 });
    await clock.advance(MOMENT);
    expect(observer.deliveries).toEqual(['a']);

    add.mockRestore();
    await stage.capture('b');
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({ isDurable: true, waiting: 1 });
  });

  it('takes nothing that is being sent from memory: it is sent and counted once', async () => {
    const { client, clock, observer, outbox, server } = stage;
    const add = jest.spyOn(outbox, 'add').mockRejectedValue(new Error('full'));
    server.answer = () =>
      new Promise(resolve => clock.after(45_000, () => resolve(200)));
    await stage.capture('a');
    await clock.advance(30_000);
    await stage.capture('b');
    await clock.advance(31_000);
    // The disk takes events again while that one is under way.
    add.mockRestore();
    await stage.capture('c');
    await clock.advance(200_000);
    expect(server.batches.flat().sort()).toEqual(['a', 'b', 'c']);
    expect([...observer.deliveries].sort()).toEqual(['a', 'b', 'c']);
    expect(client.health).toMatchObject({ delivered: 3, waiting: 0 });
  });

  it('is no trouble with what is delivered from memory', async () => {
    const { client, clock, observer, outbox, server } = stage;
    for (const method of METHODS) {
      jest.spyOn(outbox, method).mockRejectedValue(new Error('private window'));
    }
    for (const uuid of range(10)) {
      await stage.capture(uuid);
      await clock.advance(10_000);
    }
    expect(observer.deliveries).toEqual(range(10));
    expect(client.health).toMatchObject({ problem: null, nextAttempt: null });

    server.answer = () => 401;
    await stage.capture('z');
    await clock.advance(1000);
    expect(client.health.problem).toBe('401 by the test');
  });

  it('in everything costs no event', async () => {
    const { client, clock, observer, outbox, server } = stage;
    for (const method of METHODS) {
      jest.spyOn(outbox, method).mockRejectedValue(new Error('private window'));
    }
    server.answer = uuids => (uuids.includes('a') ? 400 : 503);
    await stage.capture('a', 'b');
    await client.flush();
    expect(await client.pending()).toBe(1);
    expect(await client.undelivered()).toMatchObject({
      waiting: [{ uuid: 'b' }],
      setAside: [{ event: { uuid: 'a' } }]
    });
    await clock.advance(MOMENT);
    expect(client.health).toMatchObject({
      isDurable: false,
      waiting: 1,
      setAside: 1
    });
    server.answer = () => 200;
    await client.sendNow();
    expect([...observer.deliveries].sort()).toEqual(['a', 'b']);
    await client.close();
  });
});
