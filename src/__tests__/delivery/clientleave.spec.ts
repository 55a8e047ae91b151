/** @jest-environment node */
import type { ISpool } from '../../delivery/spool';
import type { IRow } from '../../delivery/wire';
import { ClientStage } from '../clientstage';
import { row, settled, uuidsOf } from '../deliverystage';

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

/** What one page leaves and the next one finds. */
class FakeSpool implements ISpool {
  held: IRow[] = [];

  keep(rows: ReadonlyArray<IRow>): void {
    this.held = [...rows];
  }

  clear(): void {
    this.held = [];
  }

  async takeOver(store: (row: IRow) => Promise<boolean>): Promise<void> {
    const stored = await Promise.all(this.held.map(store));
    if (stored.every(isStored => isStored)) {
      this.held = [];
    }
  }
}

describe('a page that ends before its disk has taken everything', () => {
  let spool: FakeSpool;

  beforeEach(() => {
    spool = new FakeSpool();
    stage = new ClientStage({ spool });
  });

  it('holds for the next one what was not written, and no more', async () => {
    const { client, outbox } = stage;
    await stage.capture('a');
    const { add } = outbox;
    jest.spyOn(outbox, 'add').mockReturnValue(new Promise(() => undefined));
    void stage.capture('b');
    await settled();
    void stage.capture('c');
    client.leave();
    expect(uuidsOf(spool.held)).toEqual(['b', 'c']);
    await settled();
    expect(uuidsOf(spool.held)).toEqual(['b', 'c']);

    // The next one has the same disk.
    outbox.add = add;
    const next = new ClientStage({ spool, outbox });
    await settled();
    expect(spool.held).toEqual([]);
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

  it('holds what is only in its memory', async () => {
    const { client, outbox, server } = stage;
    server.answer = () => 503;
    const refused = jest
      .spyOn(outbox, 'add')
      .mockRejectedValue(new Error('full'));
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    await stage.capture('a');
    client.leave();
    await settled();
    expect(uuidsOf(spool.held)).toEqual(['a']);
    // A disk that still refuses does not cost it.
    const second = new ClientStage({ spool, outbox });
    await settled();
    expect(uuidsOf(spool.held)).toEqual(['a']);
    expect(await second.client.pending()).toBe(1);
    refused.mockRestore();
    warn.mockRestore();
  });

  it('finds what an earlier version held', async () => {
    spool.held = [row('a')];
    const { clock, server } = new ClientStage({ spool });
    await clock.advance(400);
    expect(server.batches).toEqual([['a']]);
  });
});
