/** @jest-environment node */
import { MemoryOutbox } from '../../delivery/outbox/outbox';
import { ClientStage, FakeTabs } from '../clientstage';
import { FakeClock, settled } from '../deliverystage';

const REFUSED = {
  waiting: 1,
  set_aside: 0,
  problem: '401 Unauthorized',
  last_contact: '2026-03-01T10:00:00.000Z',
  next_attempt: '2026-03-01T10:02:00.000Z'
};

let clock: FakeClock;
let outbox: MemoryOutbox;
let all: FakeTabs[];
let isAtWork: boolean;
let leader: ClientStage;
let other: ClientStage;

/** One more page of the same browser, with a flagged notebook. */
function open(): ClientStage {
  const stage = new ClientStage({
    clock,
    outbox,
    tabs: new FakeTabs(all),
    isRelay: true,
    watchesRelay: () => isAtWork
  });
  stage.server.status = () => REFUSED;
  return stage;
}

beforeEach(async () => {
  clock = new FakeClock();
  outbox = new MemoryOutbox();
  all = [];
  isAtWork = true;
  leader = open();
  other = open();
  await settled();
});

describe('pages that send through a relay', () => {
  it('have one that asks how it fares, and all know', async () => {
    await clock.advance(2000);
    // Without an event there is nothing to hand over.
    expect(leader.server.batches).toEqual([]);
    expect(leader.server.statuses).toBeGreaterThan(0);
    expect(other.server.requests).toEqual([]);
    expect(other.server.statuses).toBe(0);
    for (const { client } of [leader, other]) {
      expect(client.health).toMatchObject({
        waiting: 0,
        problem: null,
        relay: { waiting: 1, problem: '401 Unauthorized' }
      });
    }
  });

  it('ask no more when the last notebook is closed, until there is another', async () => {
    await clock.advance(2000);
    isAtWork = false;
    const before = leader.server.statuses;
    await clock.advance(600_000);
    expect(leader.server.statuses).toBe(before);
    isAtWork = true;
    await leader.capture('a');
    await clock.advance(2000);
    expect(leader.server.statuses).toBeGreaterThan(before);
  });

  it('ask again when a batch was accepted', async () => {
    await clock.advance(100_000);
    const before = leader.server.statuses;
    await other.capture('a');
    await clock.advance(2000);
    expect(leader.server.statuses).toBeGreaterThan(before);
  });

  it('go on asking in the one that takes over', async () => {
    await clock.advance(2000);
    // Nothing that it takes gives a reason to ask.
    other.server.answer = () => 503;
    await leader.client.close();
    const before = leader.server.statuses;
    await clock.advance(120_000);
    expect(leader.server.statuses).toBe(before);
    expect(other.server.statuses).toBeGreaterThan(0);
  });

  it.each(['one that sends', 'one that does not'])(
    'let it try now what waits there, asked in %s',
    async which => {
      await clock.advance(100_000);
      const before = leader.server.statuses;
      const { client, server } = which === 'one that sends' ? leader : other;
      await client.sendNow();
      expect(server.retries).toBe(1);
      await clock.advance(2000);
      expect(leader.server.statuses).toBeGreaterThan(before);
      expect(leader.server.retries + other.server.retries).toBe(1);
      expect(leader.server.batches).toEqual([]);
    }
  );

  it('send at least what they have where it cannot be told', async () => {
    const { client, server } = leader;
    server.status = () => {
      throw new TypeError('Failed to fetch');
    };
    server.answer = () => 503;
    await leader.capture('a');
    await clock.advance(400);
    server.answer = () => 200;
    await client.sendNow();
    expect(server.events).toHaveLength(2);
    expect(await client.pending()).toBe(0);
  });

  it('know nothing of it when the settings were corrected, and ask anew', async () => {
    await clock.advance(600_000);
    const { client, server } = leader;
    const before = server.statuses;
    const { host, fetch } = { host: 'http://collector.example', ...server };
    client.destination = { host, fetch, key: 'embedded', isRelay: true };
    await clock.advance(200);
    expect(client.health.relay).toBeNull();
    expect(server.statuses).toBe(before);
    await clock.advance(1800);
    expect(server.statuses).toBeGreaterThan(before);
    expect(client.health.relay).toMatchObject({ waiting: 1 });
    expect(server.batches).toEqual([]);
  });
});

it.each([
  ['is not to', true, false],
  ['sends past no relay', false, true]
])('a page that %s asks nobody', async (_, isRelay, isAtWork) => {
  const watchesRelay = (): boolean => isAtWork;
  const { clock, client, server } = new ClientStage({ isRelay, watchesRelay });
  await client.capture({ event: 'blur', distinct_id: 'JOHN_DOE' });
  await clock.advance(86_400_000);
  expect(server.events).toHaveLength(1);
  expect(server.statuses).toBe(0);
  await client.sendNow();
  expect(server.retries).toBe(isRelay ? 1 : 0);
  expect(client.health.relay).toBeNull();
});

it('a page without a disk asks a relay, too', async () => {
  const { clock, client, server } = new ClientStage({
    outbox: undefined,
    isRelay: true,
    watchesRelay: () => true
  });
  server.status = () => REFUSED;
  await clock.advance(2000);
  expect(server.batches).toEqual([]);
  expect(client.health.relay).toMatchObject({ waiting: 1 });
});
