/** @jest-environment node */
import type { SendResult } from '../../../delivery/sending/answer';
import {
  ACCEPTED,
  DispatcherStage,
  FakeTransport,
  RETRY,
  settled
} from '../../deliverystage';

let stage: DispatcherStage;
let next: FakeTransport;

beforeEach(() => {
  stage = new DispatcherStage();
  stage.dispatcher.start();
  next = new FakeTransport();
});

describe('a new place', () => {
  it('gets at once what the earlier one did not take', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => RETRY;
    stage.enqueue('a');
    await clock.advance(60_000);
    expect(observer.problems).toEqual(['down']);
    const before = transport.sent.length;
    dispatcher.transport = next;
    await settled();
    expect(next.batches).toEqual([['a']]);
    expect(observer.problems).toEqual(['down', null]);
    expect(clock.timers).toBe(0);
    expect(transport.sent).toHaveLength(before);
  });

  it('starts without the failures of the earlier one', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => RETRY;
    stage.enqueue('a');
    await clock.advance(60_000);
    next.answer = () => RETRY;
    dispatcher.transport = next;
    await clock.advance(1_000);
    expect(next.batches.length).toBeGreaterThan(1);
    expect(observer.problems).toEqual(['down', null]);
  });
});

describe('no place at all', () => {
  it('keeps everything, whoever asks, until there is one', async () => {
    const { clock, dispatcher, outbox, transport } = stage;
    dispatcher.transport = null;
    stage.enqueue('a');
    await clock.advance(400);
    dispatcher.wake();
    await dispatcher.flush();
    await clock.advance(3_600_000);
    expect(transport.batches).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
    dispatcher.transport = next;
    await settled();
    expect(next.batches).toEqual([['a']]);
  });

  it('ends the pause after a failure, and what is told of it', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => RETRY;
    stage.enqueue('a');
    await clock.advance(60_000);
    dispatcher.transport = null;
    await settled();
    expect(observer.states[observer.states.length - 1]).toEqual([null, null]);
    expect(clock.timers).toBe(0);
  });

  it('leaves what is under way to the earlier one', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => stage.later(1000);
    stage.enqueue('a');
    await clock.advance(400);
    dispatcher.transport = null;
    stage.enqueue('b');
    await clock.advance(60_000);
    expect(transport.batches).toEqual([['a']]);
    expect(observer.deliveries).toEqual(['a']);
  });
});

describe('a place that is replaced while it has a batch', () => {
  let answer: (result: SendResult) => void;

  beforeEach(async () => {
    const { clock, dispatcher, transport } = stage;
    transport.answer = () =>
      new Promise(resolve => {
        answer = resolve;
      });
    stage.enqueue('a', 'b');
    await clock.advance(400);
    dispatcher.transport = next;
  });

  it.each<SendResult>([
    RETRY,
    { status: 'retry', reason: 'down', afterMs: 60_000 },
    { status: 'unauthorized', reason: '401' },
    { status: 'rejected', reason: '400' },
    { status: 'too_large', reason: '413' }
  ])('has no say any more: %j', async result => {
    const { observer, transport } = stage;
    answer(result);
    await settled();
    expect(transport.batches).toHaveLength(1);
    // The whole of it, at once.
    expect(next.batches).toEqual([['a', 'b']]);
    expect(observer.deliveries).toEqual(['a', 'b']);
    expect(observer.problems).toEqual([]);
    expect(observer.asides).toEqual([]);
  });

  it('is believed that it took it', async () => {
    answer(ACCEPTED);
    await settled();
    expect(next.batches).toEqual([]);
    expect(stage.observer.deliveries).toEqual(['a', 'b']);
  });
});
