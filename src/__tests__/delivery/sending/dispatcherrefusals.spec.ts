/** @jest-environment node */
import type { SendResult } from '../../../delivery/sending/answer';
import {
  ACCEPTED,
  DispatcherStage,
  FakeTransport,
  range,
  row,
  settled
} from '../../deliverystage';

let stage: DispatcherStage;

beforeEach(() => {
  stage = new DispatcherStage();
  stage.dispatcher.start();
});

// Too large though nothing can be cut off: they are as short as can be.
describe.each(['rejected', 'too_large'] as const)('a batch %s', status => {
  function refuse(...bad: string[]): void {
    stage.transport.answer = uuids =>
      uuids.some(uuid => bad.includes(uuid))
        ? { status, reason: `${status} by the test` }
        : ACCEPTED;
  }

  it.each([
    [1, 0],
    [2, 1],
    [3, 0],
    [7, 3],
    [200, 0],
    [200, 131],
    [450, 449],
    [500, 250]
  ])('of %d events costs the one at %d only', async (count, place) => {
    const { clock, observer, outbox, transport } = stage;
    const uuids = range(count);
    const bad = uuids[place];
    refuse(bad);
    stage.enqueue(...uuids);
    await clock.advance(400);
    const reason = `${status} by the test`;
    expect(observer.asides).toEqual([[bad, reason]]);
    expect(await outbox.asides()).toMatchObject([{ uuid: bad, reason }]);
    expect(observer.deliveries).toEqual(uuids.filter(uuid => uuid !== bad));
    expect(await stage.waiting()).toEqual([]);
    // Halving, not one by one.
    expect(transport.batches.length).toBeLessThan(30);
    expect(clock.timers).toBe(0);
  });

  it('costs several bad events only', async () => {
    const uuids = range(30);
    const bad = [uuids[3], uuids[4], uuids[17]];
    refuse(...bad);
    stage.enqueue(...uuids);
    await stage.clock.advance(400);
    expect(stage.observer.asides.map(([uuid]) => uuid)).toEqual(bad);
    expect(stage.observer.deliveries).toHaveLength(27);
  });

  it('costs few events, and few requests, when all are refused', async () => {
    const { clock, observer, outbox, transport } = stage;
    const uuids = range(500);
    refuse(...uuids);
    stage.enqueue(...uuids);
    await clock.advance(400);
    expect(observer.asides).toHaveLength(5);
    await clock.advance(3_600_000);
    expect(transport.batches.length).toBeLessThan(100);
    expect(observer.problems).toEqual([`${status} by the test`]);

    // The place was corrected, not the events.
    refuse();
    await clock.advance(120_000);
    expect(observer.problems).toEqual([`${status} by the test`, null]);
    expect(await stage.waiting()).toEqual([]);
    const asides = (await outbox.asides()).length;
    expect(asides).toBeLessThan(100);
    expect(observer.deliveries).toHaveLength(500 - asides);
  });

  it('costs no pause while others are taken', async () => {
    const uuids = range(200);
    const bad = uuids.filter((_, index) => index % 20 === 0);
    refuse(...bad);
    stage.enqueue(...uuids);
    await stage.clock.advance(400);
    expect(stage.observer.asides.map(([uuid]) => uuid)).toEqual(bad);
    expect(stage.observer.deliveries).toHaveLength(190);
  });

  it('grows again to full size', async () => {
    const { clock, observer, transport } = stage;
    refuse(range(1)[0]);
    stage.enqueue(...range(1000));
    await clock.advance(400);
    expect(observer.deliveries).toHaveLength(999);
    expect(Math.max(...transport.batches.slice(-4).map(b => b.length))).toBe(
      200
    );
  });

  it('sends the bad one again only when it is restored', async () => {
    const { clock, dispatcher, outbox, transport } = stage;
    refuse('e0');
    stage.enqueue('e0');
    await clock.advance(400);
    stage.enqueue('e1');
    await clock.advance(2_000);
    expect(transport.batches).toEqual([['e0'], ['e1']]);
    transport.answer = () => ACCEPTED;
    await outbox.restore();
    await dispatcher.flush();
    expect(transport.batches).toEqual([['e0'], ['e1'], ['e0']]);
  });
});

it('of more refused events than are kept the oldest are given up', async () => {
  const { clock, observer, outbox, transport } = stage;
  const uuids = range(1000);
  for (const uuid of uuids) {
    await outbox.setAside({ ...row(uuid), reason: '400' });
  }
  transport.answer = () => ({ status: 'rejected', reason: '400' });
  stage.enqueue('z');
  await clock.advance(400);
  expect(observer.drops).toEqual([uuids.slice(0, 11)]);
  expect(await outbox.counts()).toMatchObject({ setAside: 990, dropped: 11 });
});

describe('a refused key', () => {
  const UNAUTHORIZED: SendResult = { status: 'unauthorized', reason: '401' };

  beforeEach(async () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    stage.transport.answer = () => UNAUTHORIZED;
    stage.enqueue('a');
    await stage.clock.advance(400);
  });

  afterEach(() => jest.restoreAllMocks());

  it('is told of at once, tried now and then, and nothing is lost', async () => {
    const { clock, observer, transport } = stage;
    expect(observer.problems).toEqual(['401']);
    expect(observer.states[1]).toEqual(['401', clock.now() + 120_000]);
    stage.enqueue('b');
    await clock.advance(1_000_000);
    expect(observer.problems).toEqual(['401']);
    expect(observer.asides).toEqual([]);
    expect(transport.batches.length).toBe(9);
    expect(await stage.waiting()).toEqual(['a', 'b']);
  });

  it('does not keep sending from going on once it is corrected', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    const corrected = new FakeTransport();
    dispatcher.transport = corrected;
    await settled();
    expect(corrected.batches).toEqual([['a']]);
    expect(observer.problems).toEqual(['401', null]);
    expect(observer.deliveries).toEqual(['a']);

    stage.enqueue('b');
    await clock.advance(2_000);
    expect(corrected.batches).toEqual([['a'], ['b']]);
    expect(transport.batches).toHaveLength(1);
  });

  it('may be corrected at the other end', async () => {
    const { clock, observer, transport } = stage;
    transport.answer = () => ACCEPTED;
    await clock.advance(120_000);
    expect(observer.problems).toEqual(['401', null]);
    expect(observer.deliveries).toEqual(['a']);
  });
});
