/** @jest-environment node */
import type { IWireEvent } from '../../delivery/wire';
import { fromRow } from '../../delivery/wire';
import { MemoryOutbox } from '../../delivery/outbox/outbox';
import { ClientStage, FakeTabs } from '../clientstage';
import { FakeClock, settled } from '../deliverystage';

const ofJohn = (uuid: string): IWireEvent => ({
  uuid,
  event: 'blur',
  distinct_id: 'JOHN_DOE',
  timestamp: '2024-01-02T03:04:05.000Z',
  properties: {}
});

describe('an event that may not leave', () => {
  let isOpen: boolean;
  let stage: ClientStage;

  beforeEach(() => {
    isOpen = false;
    stage = new ClientStage({
      mayLeave: row => isOpen || fromRow(row).distinct_id !== 'JOHN_DOE'
    });
  });

  it('waits until it may leave, and holds up no event behind it', async () => {
    const { client, clock, server } = stage;
    void client.capture(ofJohn('a'));
    void client.capture({ ...ofJohn('b'), distinct_id: 'c951' });
    await clock.advance(400);
    expect(server.batches).toEqual([['b']]);
    expect(client.health).toMatchObject({ problem: null });
    expect(await client.pending()).toBe(1);
    isOpen = true;
    await client.flush();
    expect(server.batches).toEqual([['b'], ['a']]);
  });

  it('is not in the last request of a page, either', async () => {
    const { client, outbox, server } = stage;
    await client.capture(ofJohn('a'));
    client.leave();
    await settled();
    expect(server.requests).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
  });
});

describe('events that are rewritten', () => {
  it('leave as they were rewritten, refused events too, and those that were given up never', async () => {
    const stage = new ClientStage();
    const { client, clock, observer, outbox, server } = stage;
    server.answer = () => 400;
    await client.capture(ofJohn('refused'));
    await clock.advance(400);
    await client.flush();
    expect(await outbox.counts()).toMatchObject({ setAside: 1 });
    server.answer = () => 503;
    ['waits', 'stays', 'goes'].forEach(
      uuid => void client.capture(ofJohn(uuid))
    );
    await clock.advance(2_400);
    server.events.length = 0;
    await client.rewrite(events => {
      expect(events).toHaveLength(4);
      return new Map([
        ['refused', { ...ofJohn('refused'), distinct_id: 'c951' }],
        ['waits', { ...ofJohn('waits'), distinct_id: 'c951' }],
        ['goes', null]
      ]);
    });
    expect(observer.drops).toEqual(['goes']);
    // Nothing of what this page remembers is sent in their place.
    client.leave();
    await settled();
    server.answer = () => 200;
    await client.sendNow();
    const left = server.events.map(each => `${each.uuid} ${each.distinct_id}`);
    expect(new Set(left)).toEqual(
      new Set(['waits c951', 'stays JOHN_DOE', 'refused c951'])
    );
    expect(await client.pending()).toBe(0);
  });

  it('are so only when what is under way has been answered', async () => {
    const stage = new ClientStage();
    const { client, clock, server } = stage;
    let answer: (status: number) => void = () => undefined;
    server.answer = () => new Promise<number>(resolve => (answer = resolve));
    await client.capture(ofJohn('a'));
    await clock.advance(400);
    void client.capture(ofJohn('b'));
    await clock.advance(100);
    const seen: string[] = [];
    const rewriting = client.rewrite(events => {
      seen.push(...events.map(({ uuid }) => uuid));
      return new Map(events.map(event => [event.uuid, null]));
    });
    await settled();
    expect(seen).toEqual([]);
    server.answer = () => 200;
    answer(200);
    await rewriting;
    expect(seen).not.toContain('a');
  });

  it('are so by the page that sends, which is told that the rules are others', async () => {
    const all: FakeTabs[] = [];
    const outbox = new MemoryOutbox();
    const clock = new FakeClock();
    const open = (): ClientStage =>
      new ClientStage({
        clock,
        outbox,
        tabs: new FakeTabs(all),
        mayLeave: row => fromRow(row).distinct_id !== 'JOHN_DOE'
      });
    const leader = open();
    const other = open();
    await other.client.capture(ofJohn('a'));
    await other.client.rewrite(
      () => new Map([['a', { ...ofJohn('a'), distinct_id: 'c951' }]])
    );
    await clock.advance(1_000);
    expect(leader.observer.moves).toBe(1);
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
    await leader.client.close();
    await clock.advance(1_000);
    expect(other.server.events.map(each => each.distinct_id)).toEqual(['c951']);
  });

  it('are given up no more while others cannot be read', async () => {
    const outbox = new MemoryOutbox();
    const { client, clock } = new ClientStage({ outbox });
    jest.spyOn(outbox, 'add').mockRejectedValue(new Error('full'));
    jest.spyOn(outbox, 'peek').mockRejectedValue(new Error('broken'));
    jest.spyOn(console, 'warn').mockReturnValue();
    client.destination = null;
    await client.capture(ofJohn('a'));
    await client.rewrite(() => new Map([['a', null]]));
    await clock.advance(1_000);
    expect(await client.pending()).toBe(1);
  });
});
