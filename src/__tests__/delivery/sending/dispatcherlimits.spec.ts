/** @jest-environment node */
import {
  ACCEPTED,
  DispatcherStage,
  FakeTransport,
  range,
  RETRY,
  row,
  settled
} from '../../deliverystage';

afterEach(() => jest.restoreAllMocks());

describe('a limit of attempts', () => {
  it('lets it rest, keeps the events, and ends with the next flush', async () => {
    const stage = new DispatcherStage({ maxRetries: 2 });
    const { clock, dispatcher, observer, transport } = stage;
    dispatcher.start();
    transport.answer = () => RETRY;
    stage.enqueue('a');
    await clock.advance(1_000_000);
    expect(transport.sent).toHaveLength(3);
    expect(clock.timers).toBe(0);
    expect(observer.states[observer.states.length - 1]).toEqual(['down', null]);
    expect(await stage.waiting()).toEqual(['a']);

    // The event is tried as often again.
    await dispatcher.flush();
    await clock.advance(1_000_000);
    expect(transport.sent).toHaveLength(6);

    transport.answer = () => ACCEPTED;
    stage.enqueue('b');
    await clock.advance(400);
    expect(observer.deliveries).toEqual(['a', 'b']);
    expect(observer.problems).toEqual(['down', null]);
  });
});

it('a limit of attempts holds for a refused key, too', async () => {
  const stage = new DispatcherStage({ maxRetries: 2 });
  const { clock, dispatcher, observer, transport } = stage;
  dispatcher.start();
  transport.answer = () => ({ status: 'unauthorized', reason: '401' });
  stage.enqueue('a');
  await clock.advance(1_000_000);
  expect(transport.sent).toHaveLength(3);
  // Nothing keeps a program from its end.
  expect(clock.timers).toBe(0);
  expect(observer.states.pop()).toEqual(['401', null]);
  expect(await stage.waiting()).toEqual(['a']);
});

describe('the limits of an outbox', () => {
  const limits = { events: 100, bytes: 1_000_000 };

  it('hold while nothing is taken, and what is given up is told', async () => {
    const stage = new DispatcherStage({ limits });
    const { clock, dispatcher, observer, outbox, transport } = stage;
    dispatcher.start();
    transport.answer = () => RETRY;
    stage.enqueue(...range(130));
    await clock.advance(400);
    expect(observer.drops).toEqual([range(31)]);
    expect(await stage.waiting()).toEqual(range(130).slice(31));
    expect(await outbox.counts()).toMatchObject({ dropped: 31 });
  });

  it('hold for a refused key, too', async () => {
    const stage = new DispatcherStage({ limits });
    stage.dispatcher.start();
    stage.transport.answer = () => ({ status: 'unauthorized', reason: '401' });
    stage.enqueue(...range(101));
    await stage.clock.advance(400);
    expect(stage.observer.drops).toEqual([range(2)]);
  });

  it('hold where there is no other end, which is no trouble', async () => {
    const stage = new DispatcherStage({ limits });
    const { clock, dispatcher, observer, transport } = stage;
    dispatcher.start();
    transport.answer = () => ({ status: 'kept' });
    stage.enqueue(...range(130));
    await clock.advance(400);
    expect(observer.drops).toEqual([range(31)]);
    expect(await stage.waiting()).toEqual(range(130).slice(31));
    expect(observer.states).toEqual([[null, null]]);
    // Nothing is tried again before there is something new.
    expect(clock.timers).toBe(0);
    const other = new FakeTransport();
    dispatcher.transport = other;
    await settled();
    expect(other.batches.flat()).toEqual(range(130).slice(31));
    expect(await stage.waiting()).toEqual([]);
  });

  it('do not touch what is being taken', async () => {
    const stage = new DispatcherStage({ limits });
    stage.dispatcher.start();
    stage.enqueue(...range(1000));
    await stage.clock.advance(400);
    expect(stage.observer.drops).toEqual([]);
    expect(stage.observer.deliveries).toHaveLength(1000);
  });

  it('that cannot be kept are tried again with the next failure', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const stage = new DispatcherStage({ limits });
    const { clock, dispatcher, observer, outbox, transport } = stage;
    dispatcher.start();
    transport.answer = () => RETRY;
    const drop = jest.spyOn(outbox, 'drop').mockRejectedValue(new Error('no'));
    await outbox.add(range(101).map(uuid => row(uuid)));
    await dispatcher.flush();
    expect(warn).toHaveBeenCalled();
    expect(observer.drops).toEqual([]);
    drop.mockRestore();
    // The longest pause after what may be the second failure.
    await clock.advance(2_000);
    expect(observer.drops).toEqual([range(2)]);
  });
});
