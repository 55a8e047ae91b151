/** @jest-environment node */
import {
  ACCEPTED,
  DispatcherStage,
  range,
  RETRY,
  row
} from '../../deliverystage';

afterEach(() => jest.restoreAllMocks());

describe('an outbox that refuses', () => {
  let stage: DispatcherStage;

  beforeEach(() => {
    stage = new DispatcherStage();
    stage.dispatcher.start();
  });

  it.each(['peek', 'remove'] as const)(
    '%s is asked again, with growing pauses',
    async method => {
      const { clock, observer, outbox, transport } = stage;
      jest.spyOn(console, 'warn').mockReturnValue();
      const refuse = jest
        .spyOn(outbox, method)
        .mockRejectedValue(new Error('site data cleared'));
      stage.enqueue('a');
      await clock.advance(60_000);
      expect(refuse.mock.calls.length).toBeGreaterThan(4);
      expect(refuse.mock.calls.length).toBeLessThan(30);
      expect(observer.problems).toEqual(['Error: site data cleared']);
      expect(observer.deliveries).toEqual([]);

      refuse.mockRestore();
      await clock.advance(120_000);
      expect(observer.deliveries).toEqual(['a']);
      expect(observer.problems).toEqual(['Error: site data cleared', null]);
      // Sent again after it could not be removed: the same uuid.
      expect(new Set(transport.batches.flat())).toEqual(new Set(['a']));
    }
  );

  it('cannot be read when that fails five times in a row, whatever else does', async () => {
    const { clock, dispatcher, observer, outbox, transport } = stage;
    jest.spyOn(console, 'warn').mockReturnValue();
    transport.answer = () => RETRY;
    stage.enqueue('a');
    await clock.advance(600_000);
    const refuse = jest.spyOn(outbox, 'peek');
    for (let time = 1; time < 5; time++) {
      refuse.mockRejectedValueOnce(new Error('gone'));
      await dispatcher.flush();
    }
    expect(observer.unreadables).toBe(0);
    // Read once, it is counted from the beginning.
    await dispatcher.flush();
    refuse.mockRejectedValue(new Error('gone'));
    for (let time = 1; time <= 5; time++) {
      expect(observer.unreadables).toBe(0);
      await dispatcher.flush();
    }
    expect(observer.unreadables).toBe(1);
  });

  it('setAside is asked again', async () => {
    const { clock, observer, outbox, transport } = stage;
    transport.answer = () => ({ status: 'rejected', reason: '400' });
    const refuse = jest
      .spyOn(outbox, 'setAside')
      .mockRejectedValue(new Error('full'));
    stage.enqueue('a');
    await clock.advance(1_000);
    expect(observer.asides).toEqual([]);
    refuse.mockRestore();
    await clock.advance(10_000);
    expect(observer.asides).toEqual([['a', '400']]);
  });
});

describe('a full disk', () => {
  let stage: DispatcherStage;
  const full = (): Promise<never> =>
    Promise.reject(new Error('QuotaExceededError'));

  beforeEach(() => {
    stage = new DispatcherStage();
    stage.dispatcher.start();
  });

  it('does not let a refused event hold up those behind it', async () => {
    const { clock, observer, outbox, transport } = stage;
    const [bad, ...good] = range(300);
    const place = jest.spyOn(outbox, 'setAside').mockImplementation(full);
    transport.answer = uuids =>
      uuids.includes(bad) ? { status: 'rejected', reason: '400' } : ACCEPTED;
    stage.enqueue(bad, ...good);
    await clock.advance(400);
    expect(observer.deliveries).toEqual(good);
    // Nor is it asked for each of those that come.
    const before = transport.batches.length;
    await clock.advance(600_000);
    stage.enqueue('later');
    await clock.advance(120_000);
    expect(transport.batches.slice(before)).toEqual([['later']]);
    expect(observer.asides).toEqual([]);
    expect(await stage.waiting()).toEqual([bad]);

    place.mockRestore();
    await clock.advance(120_000);
    expect(observer.asides).toEqual([[bad, '400']]);
    expect(await stage.waiting()).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('lets a refused event be sent again when it is asked to', async () => {
    const { clock, dispatcher, observer, outbox, transport } = stage;
    jest.spyOn(outbox, 'setAside').mockImplementation(full);
    transport.answer = () => ({ status: 'rejected', reason: '400' });
    stage.enqueue('a');
    await clock.advance(10_000);
    expect(transport.batches).toEqual([['a']]);
    transport.answer = () => ACCEPTED;
    await dispatcher.flush();
    expect(observer.deliveries).toEqual(['a']);
  });

  it('does not keep a large event from being cut and sent', async () => {
    const { clock, observer, outbox, transport } = stage;
    await outbox.add([row('large', 1_000_000), row('z')]);
    jest.spyOn(outbox, 'add').mockImplementation(full);
    transport.answer = (_, batch) =>
      batch.some(({ json }) => json.length > 300_000)
        ? { status: 'too_large', reason: '413' }
        : ACCEPTED;
    await stage.dispatcher.flush();
    expect(observer.deliveries).toEqual(['large', 'z']);
    expect(transport.sent.length).toBeLessThan(6);
    expect(clock.timers).toBe(0);
  });
});

describe('a long pause', () => {
  it('costs nothing that is under way when it has ended', async () => {
    const stage = new DispatcherStage({ limits: { events: 100, bytes: 1e9 } });
    const { clock, dispatcher, observer, transport } = stage;
    dispatcher.start();
    transport.answer = () =>
      transport.sent.length === 1
        ? { ...RETRY, afterMs: 59_000 }
        : stage.later(5_000);
    stage.enqueue('a');
    await clock.advance(400);
    stage.enqueue(...range(130));
    await clock.advance(200_000);
    expect(observer.drops).toEqual([]);
    expect(observer.deliveries).toEqual(['a', ...range(130)]);
  });

  it('costs nothing that is asked for while it is made room', async () => {
    const stage = new DispatcherStage({ limits: { events: 100, bytes: 1e9 } });
    const { clock, dispatcher, observer, outbox, transport } = stage;
    dispatcher.start();
    transport.answer = () => ({ ...RETRY, afterMs: 3_600_000 });
    stage.enqueue('a');
    await clock.advance(400);
    stage.enqueue(...range(130));
    const counts = outbox.counts.bind(outbox);
    jest.spyOn(outbox, 'counts').mockImplementationOnce(() => {
      transport.answer = () => ACCEPTED;
      dispatcher.wake();
      return counts();
    });
    await clock.advance(60_000);
    const given = observer.drops.flat();
    expect(given).toHaveLength(32);
    expect(transport.batches.slice(1).flat()).toEqual(range(130).slice(31));
  });

  it.each([
    ['that was asked for', false],
    ['because there is no place', true]
  ])('%s does not let more wait than may', async (_, isNowhere) => {
    const limits = { events: 100, bytes: 1e9 };
    const stage = new DispatcherStage({ limits });
    const { clock, dispatcher, observer, outbox, transport } = stage;
    transport.answer = () => ({ ...RETRY, afterMs: 3_600_000 });
    dispatcher.start();
    if (isNowhere) {
      dispatcher.transport = null;
    }
    stage.enqueue('a');
    await clock.advance(1_000);
    stage.enqueue(...range(200));
    await clock.advance(60_000);
    expect(await outbox.counts()).toMatchObject({ waiting: 99 });
    expect(observer.drops.flat()).toHaveLength(102);
    expect(transport.sent.length).toBe(isNowhere ? 0 : 1);
    await dispatcher.stop();
    expect(clock.timers).toBe(0);
  });
});

describe('a row that somebody else has written', () => {
  const { json } = row('b');

  it.each([
    ['more than one event', `${json}],"api_key":"x","batch":[${json}`],
    ['no JSON', '{'],
    ['another event', row('c').json],
    ['no event', '{"uuid":"b"}']
  ])('is set aside when it is %s', async (_, text) => {
    const { dispatcher, observer, outbox, transport } = new DispatcherStage();
    dispatcher.start();
    await outbox.add([row('a'), { uuid: 'b', json: text }, row('z')]);
    await dispatcher.flush();
    expect(transport.sent.flat().map(({ uuid }) => uuid)).toEqual(['a', 'z']);
    expect(observer.asides).toEqual([['b', 'it is no event']]);
  });
});
