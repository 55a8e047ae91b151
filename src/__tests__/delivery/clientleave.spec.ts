/** @jest-environment node */
import type { ISpool } from '../../delivery/outbox/spool';
import type { IRow } from '../../delivery/wire';
import { ClientStage, FakeTabs } from '../clientstage';
import { settled, uuidsOf } from '../deliverystage';

let stage: ClientStage;

beforeEach(() => {
  stage = new ClientStage();
});

describe('leaving the page', () => {
  it('sends what is waiting at once, in order, in a request that outlives it', async () => {
    const { client, server } = stage;
    await stage.capture('a');
    void stage.capture('b');
    client.leave();
    // Before a single turn: the page has no more.
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0][1].keepalive).toBe(true);
    expect(server.batches).toEqual([['a', 'b']]);
  });

  it('sends nothing when nothing waits', async () => {
    const { client, clock, server } = stage;
    await stage.capture('a');
    await clock.advance(400);
    client.leave();
    await settled();
    expect(server.requests.map(([, { keepalive }]) => keepalive)).toEqual([
      false
    ]);
  });

  it('does not send what is set aside or was given up by another end', async () => {
    const { client, clock, server } = stage;
    server.answer = () => 400;
    await stage.capture('a');
    await clock.advance(400);
    client.leave();
    expect(server.requests).toHaveLength(1);
  });

  it('writes to the disk what was captured last', async () => {
    const { client, outbox, server } = stage;
    server.answer = () => new Promise(() => undefined);
    void stage.capture('a');
    client.leave();
    await settled();
    expect(await outbox.peek(10)).toMatchObject([{ uuid: 'a' }]);
  });

  it('may follow when the student turns away: what was captured last is written down', async () => {
    const { client, outbox, server } = stage;
    server.answer = () => new Promise(() => undefined);
    await stage.capture('a');
    void stage.capture('b');
    client.hasten();
    await settled();
    expect(uuidsOf(await outbox.peek(10))).toEqual(['a', 'b']);
  });

  it('forgets what was delivered by it, should the page stay', async () => {
    const { client, clock, observer, server } = stage;
    await stage.capture('a');
    client.leave();
    await clock.advance(1000);
    expect(server.batches).toEqual([['a']]);
    expect(observer.deliveries).toEqual(['a']);
    expect(client.health).toMatchObject({ waiting: 0, delivered: 1 });
    client.leave();
    expect(server.batches).toEqual([['a']]);
  });

  it('keeps what was not, should the page stay', async () => {
    const { client, clock, observer, server } = stage;
    server.answer = () => 503;
    await stage.capture('a');
    client.leave();
    await settled();
    server.answer = () => 200;
    await clock.advance(1000);
    expect(server.batches).toEqual([['a'], ['a']]);
    expect(observer.deliveries).toEqual(['a']);
  });

  it.each([
    ['first', [0, 1]],
    ['last', [1, 0]]
  ])(
    'sends again what is under way, and counts it once when that ends %s',
    async (_, order) => {
      const { client, clock, observer, server } = stage;
      const answers: (() => void)[] = [];
      server.answer = () =>
        new Promise(resolve => answers.push(() => resolve(200)));
      await stage.capture('a', 'b');
      await clock.advance(400);
      await stage.capture('c');
      client.leave();
      expect(server.batches).toEqual([
        ['a', 'b'],
        ['a', 'b', 'c']
      ]);
      for (const place of order) {
        answers[place]();
        await settled();
      }
      // Of the round that goes on.
      answers.slice(2).forEach(answer => answer());
      await clock.advance(1000);
      expect([...observer.deliveries].sort()).toEqual(['a', 'b', 'c']);
      expect(client.health).toMatchObject({ waiting: 0, delivered: 3 });
    }
  );
});

/** What the pages of one browser leave, each its own. */
class FakeSpool implements ISpool {
  constructor(private readonly _all: Set<FakeSpool>) {
    _all.add(this);
  }

  held: IRow[] = [];

  keep(rows: ReadonlyArray<IRow>): void {
    this.held = [...rows];
  }

  take(): IRow[] {
    return [...this._all]
      .filter(spool => spool !== this)
      .flatMap(spool => spool.held.splice(0));
  }
}

describe('a page that ends before its disk has taken everything', () => {
  let all: Set<FakeSpool>;
  let spool: FakeSpool;
  const page = (outbox = stage.outbox): ClientStage =>
    new ClientStage({ spool: new FakeSpool(all), outbox });
  const held = (): string[] => [...all].flatMap(one => uuidsOf(one.held));

  beforeEach(() => {
    all = new Set();
    spool = new FakeSpool(all);
    stage = new ClientStage({ spool });
  });

  afterEach(() => jest.restoreAllMocks());

  it('holds for the next one what was not written, and no more', async () => {
    const { client, outbox } = stage;
    await stage.capture('a');
    const adding = jest
      .spyOn(outbox, 'add')
      .mockReturnValue(new Promise(() => undefined));
    void stage.capture('b');
    await settled();
    void stage.capture('c');
    client.leave();
    expect(uuidsOf(spool.held)).toEqual(['b', 'c']);
    await settled();
    expect(uuidsOf(spool.held)).toEqual(['b', 'c']);

    // The next one has the same disk.
    adding.mockRestore();
    const next = page();
    expect(held()).toEqual(['b', 'c']);
    await settled();
    expect(held()).toEqual([]);
    await next.clock.advance(400);
    expect(next.server.batches.flat()).toEqual(['a', 'b', 'c']);
  });

  it('holds nothing that was written in time', async () => {
    void stage.capture('a');
    stage.client.leave();
    expect(uuidsOf(spool.held)).toEqual(['a']);
    await settled();
    expect(spool.held).toEqual([]);
  });

  it('holds what is only in its memory, until that is delivered', async () => {
    jest.spyOn(stage.outbox, 'add').mockRejectedValue(new Error('full'));
    jest.spyOn(console, 'warn').mockReturnValue();
    stage.server.answer = () => 503;
    await stage.capture('a');
    stage.client.leave();
    await settled();
    expect(held()).toEqual(['a']);

    // A disk that still refuses does not cost it.
    const second = page();
    await settled();
    expect(held()).toEqual(['a']);
    await second.clock.advance(400);
    expect(second.server.batches).toEqual([['a']]);
    second.client.leave();
    const third = page();
    await third.clock.advance(400);
    expect(third.server.batches).toEqual([]);
    expect(held()).toEqual([]);
  });

  it('holds also what goes on being sent from memory when the disk is back', async () => {
    const adding = jest
      .spyOn(stage.outbox, 'add')
      .mockRejectedValue(new Error('full'));
    jest.spyOn(console, 'warn').mockReturnValue();
    stage.server.answer = () => new Promise(() => undefined);
    await stage.capture('a');
    await stage.clock.advance(400);
    adding.mockRestore();
    await stage.clock.advance(61_000);
    await stage.capture('b');
    stage.client.leave();
    await settled();
    expect(held()).toContain('a');
  });

  it.each(['nobody hears of it', 'nobody sees what it holds'])(
    'has it sent by the page beside it that sends next, though %s',
    async what => {
      const tabs: FakeTabs[] = [];
      const make = (): ClientStage =>
        new ClientStage({
          spool: new FakeSpool(what === 'nobody hears of it' ? all : new Set()),
          outbox: stage.outbox,
          tabs: new FakeTabs(tabs)
        });
      const [closing, next] = [make(), make()];
      closing.server.answer = () => 503;
      jest
        .spyOn(stage.outbox, 'add')
        .mockReturnValueOnce(new Promise(() => undefined));
      void closing.capture('end');
      if (what === 'nobody hears of it') {
        tabs[1].onMessage = () => undefined;
      }
      closing.client.leave();
      expect(closing.server.batches).toEqual([['end']]);
      tabs[0].end();
      await next.clock.advance(1000);
      expect(next.server.batches).toEqual([['end']]);
      expect(held()).toEqual([]);
    }
  );

  it('has it sent once by a page beside it', async () => {
    const tabs: FakeTabs[] = [];
    const make = (): ClientStage =>
      new ClientStage({
        spool: new FakeSpool(all),
        outbox: stage.outbox,
        tabs: new FakeTabs(tabs)
      });
    const [leader, closing] = [make(), make()];
    void closing.capture('end');
    closing.client.leave();
    expect(held()).toEqual(['end']);
    await leader.clock.advance(1000);
    expect(leader.server.batches).toEqual([['end']]);
    const later = make();
    await later.clock.advance(1000);
    await leader.clock.advance(1000);
    expect(leader.server.batches).toEqual([['end']]);
    expect(later.server.batches).toEqual([]);
  });
});
