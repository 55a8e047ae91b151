/** @jest-environment node */
import { MemoryOutbox } from '../../delivery/outbox/outbox';
import type { TabMessage } from '../../delivery/pages/tabs';
import { ClientStage, FakeTabs } from '../clientstage';
import { FakeClock, settled, uuidsOf } from '../deliverystage';

let clock: FakeClock;
let outbox: MemoryOutbox;
let all: FakeTabs[];
let leader: ClientStage;
let other: ClientStage;

/** One more page of the same browser. */
function open(): ClientStage {
  return new ClientStage({ clock, outbox, tabs: new FakeTabs(all) });
}

beforeEach(async () => {
  clock = new FakeClock();
  outbox = new MemoryOutbox();
  all = [];
  leader = open();
  other = open();
  await settled();
});

afterEach(() => jest.restoreAllMocks());

describe('two pages with one outbox', () => {
  it('have one that sends, for both', async () => {
    await leader.capture('a');
    await other.capture('b');
    await other.client.flush();
    await clock.advance(400);
    expect(leader.server.batches).toEqual([['a', 'b']]);
    expect(other.server.batches).toEqual([]);
    expect(await other.client.pending()).toBe(0);
  });

  it('both learn what was delivered', async () => {
    await other.capture('a');
    await clock.advance(1000);
    expect(other.observer.deliveries).toEqual(['a']);
    for (const { client } of [leader, other]) {
      expect(client.health).toMatchObject({ waiting: 0, delivered: 1 });
      expect(client.health.lastContact).not.toBeNull();
    }
  });

  it('both learn what was refused, and either lets it be sent again', async () => {
    leader.server.answer = () => 400;
    await other.capture('a');
    await clock.advance(1000);
    expect(other.observer.asides).toEqual([['a', '400 by the test']]);
    expect(other.client.health).toMatchObject({ setAside: 1 });

    leader.server.answer = () => 200;
    await other.client.sendNow();
    await clock.advance(1000);
    expect(other.observer.deliveries).toEqual(['a']);
    expect(leader.client.health).toMatchObject({ setAside: 0, delivered: 1 });
  });

  it('both learn what was given up, and one is to tell of it', async () => {
    const limits = { events: 2, bytes: 1e9 };
    all = [];
    [leader, other] = [1, 2].map(() => {
      const tabs = new FakeTabs(all);
      return new ClientStage({ clock, outbox, tabs, limits });
    });
    leader.server.answer = () => 503;
    await other.capture('a', 'b', 'c');
    await clock.advance(1000);
    for (const { client, observer } of [leader, other]) {
      expect(observer.drops).toEqual(['a', 'b']);
      expect(client.health).toMatchObject({ waiting: 1, dropped: 2 });
    }
    expect(uuidsOf(leader.observer.losses)).toEqual(['a', 'b']);
    expect(other.observer.losses).toEqual([]);
    // Nor does it leave with the page that captured it.
    other.client.leave();
    expect(all[1].posted.pop()).toMatchObject({ rows: [{ uuid: 'c' }] });
  });

  it.each([401, 503])('can both end the pause after a %d', async status => {
    leader.server.answer = () => status;
    await other.capture('a');
    await clock.advance(400);
    leader.server.answer = () => 200;
    await other.client.sendNow();
    await settled();
    expect(leader.observer.deliveries).toEqual(['a']);
  });

  it('both learn how the sending fares', async () => {
    leader.server.answer = () => 401;
    await leader.capture('a');
    await clock.advance(1000);
    expect(other.client.health).toMatchObject({
      waiting: 1,
      problem: '401 by the test',
      nextAttempt: leader.client.health.nextAttempt
    });
  });

  it('are not told that all is well by a third that is opened', async () => {
    leader.server.answer = () => 401;
    await leader.capture('a');
    await clock.advance(1000);
    open();
    await clock.advance(1000);
    for (const { client } of [leader, other]) {
      expect(client.health.problem).toBe('401 by the test');
    }
  });

  it('tell each other that events go elsewhere, once', async () => {
    const destination = { host: 'http://new.example', key: 'phc_y' };
    other.client.destination = { ...destination, fetch: other.server.fetch };
    await settled();
    expect([leader, other].map(({ observer }) => observer.moves)).toEqual([
      1, 0
    ]);
  });

  it('send nothing to the old place because there is a new one', async () => {
    leader.server.answer = () => 503;
    await other.capture('a');
    await clock.advance(600);
    const before = leader.server.batches.length;
    const destination = { host: 'http://new.example', key: 'phc_y' };
    other.client.destination = { ...destination, fetch: other.server.fetch };
    await settled();
    expect(leader.server.batches).toHaveLength(before);
  });

  it('have another one that sends when the first is closed', async () => {
    leader.server.answer = () => 503;
    await leader.capture('a');
    await clock.advance(400);
    await leader.client.close();
    await settled();
    expect(other.server.batches).toEqual([['a']]);
    expect(other.observer.deliveries).toEqual(['a']);
    const before = leader.server.batches.length;
    await other.capture('b');
    await clock.advance(1_000_000);
    expect(other.observer.deliveries).toEqual(['a', 'b']);
    expect(leader.server.batches).toHaveLength(before);
  });
});

describe('a page that does not send', () => {
  it('hands what it has to the one that does when it is left', async () => {
    // Its own write is cut off with it.
    jest.spyOn(outbox, 'add').mockReturnValueOnce(new Promise(() => undefined));
    void other.capture('a');
    other.client.leave();
    expect(other.server.requests).toEqual([]);
    await clock.advance(400);
    expect(leader.server.batches).toEqual([['a']]);
  });

  it('sends by itself what comes last when it sent until the browser froze it', () => {
    Object.assign(all[1], { hasLed: true });
    void other.capture('a');
    other.client.leave();
    expect(other.server.batches).toEqual([['a']]);
    expect(other.server.requests[0][1].keepalive).toBe(true);
    expect(all[1].posted.map(({ kind }) => kind)).not.toContain('left');
  });

  it('hands it to that one only: no third writes it', async () => {
    const third = open();
    jest.spyOn(outbox, 'add').mockRejectedValue(new Error('full'));
    jest.spyOn(console, 'warn').mockReturnValue();
    void other.capture('a');
    other.client.leave();
    // The message is there before its own write has failed.
    await clock.advance(2000);
    expect(third.server.batches).toEqual([]);
    expect(leader.server.batches).toEqual([['a']]);
  });

  it('sends itself what only its memory has: the browser may be closed with it', async () => {
    jest.spyOn(outbox, 'add').mockRejectedValue(new Error('full'));
    jest.spyOn(console, 'warn').mockReturnValue();
    await other.capture('a');
    other.client.leave();
    expect(other.server.requests.map(([, init]) => init.keepalive)).toEqual([
      true
    ]);
    await clock.advance(2000);
    expect(leader.server.batches).toEqual([]);
    expect(leader.observer.deliveries).toEqual(['a']);
  });

  it.each([
    ['is sent by the next', [['a']]],
    ['and was sent, is not sent again', []]
  ])(
    'hands over what %s, when the one that does goes without a word',
    async (_, expected) => {
      const third = open();
      const [toLeader, , toThird] = all;
      if (expected.length > 0) {
        // In the midst of handing over, a page does not store what it hears.
        toLeader.onMessage = () => undefined;
      }
      jest
        .spyOn(outbox, 'add')
        .mockReturnValueOnce(new Promise(() => undefined));
      void third.capture('a');
      third.client.leave();
      toThird.end();
      await clock.advance(1000);
      toLeader.end();
      await clock.advance(1000);
      expect(other.server.batches).toEqual(expected);
      expect(await outbox.counts()).toMatchObject({ waiting: 0 });
    }
  );

  it.each([200, 400])(
    'is not heard a second time when its events met a %d before',
    async status => {
      const [toLeader] = all;
      const { onMessage } = toLeader;
      const late: TabMessage[] = [];
      toLeader.onMessage = message =>
        message.kind === 'left' ? late.push(message) : onMessage(message);
      leader.server.answer = () => status;
      await other.capture('a');
      other.client.leave();
      await clock.advance(2000);
      late.forEach(onMessage);
      await clock.advance(2000);
      expect(late).toHaveLength(1);
      expect(leader.server.batches).toEqual([['a']]);
      expect(await outbox.counts()).toMatchObject({ waiting: 0 });
    }
  );

  it('hands over nothing when everything was delivered', async () => {
    await other.capture('a');
    await clock.advance(400);
    other.client.leave();
    expect(all[1].posted.map(({ kind }) => kind)).not.toContain('left');
  });

  it('sends itself what is only in its memory', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    jest.spyOn(outbox, 'add').mockRejectedValueOnce(new Error('full'));
    await other.capture('a');
    await clock.advance(400);
    expect(other.server.batches).toEqual([['a']]);
    expect(leader.server.batches).toEqual([]);
    // Whoever shows what was delivered counts it, too.
    expect(leader.observer.deliveries).toEqual(['a']);
  });
});

describe('pages without Web Locks', () => {
  it('all send, and each event counts once in each of them', async () => {
    all = [];
    class EqualTabs extends FakeTabs {
      override get isLeading(): boolean {
        return true;
      }
    }
    outbox = new MemoryOutbox();
    const pages = [1, 2, 3].map(() => {
      const page = new ClientStage({
        clock,
        outbox,
        tabs: new EqualTabs(all)
      });
      page.server.answer = () =>
        new Promise(resolve => clock.after(100, () => resolve(200)));
      return page;
    });
    await settled();
    await pages[0].capture('a', 'b', 'c');
    await clock.advance(2000);
    for (const { client, observer, server } of pages) {
      expect(server.batches).toEqual([['a', 'b', 'c']]);
      expect(client.health).toMatchObject({ waiting: 0, delivered: 3 });
      expect(observer.deliveries).toEqual(['a', 'b', 'c']);
    }
  });
});
