/** @jest-environment node */
import type { SendResult } from '../../../delivery/sending/answer';
import {
  ACCEPTED,
  DispatcherStage,
  FakeTransport,
  RETRY,
  settled
} from '../../deliverystage';

/** A way out that ends at a relay. */
class FakeRelay extends FakeTransport {
  readonly isRelay = true;
}

let stage: DispatcherStage;
let relay: FakeRelay;

beforeEach(() => {
  jest.spyOn(Math, 'random').mockReturnValue(1);
  relay = new FakeRelay();
  stage = new DispatcherStage({ transport: relay, tellsRelay: true });
});

afterEach(() => jest.restoreAllMocks());

describe('a relay', () => {
  it('is told where to, once, also when there is no event', async () => {
    const { clock, dispatcher } = stage;
    dispatcher.start();
    await settled();
    expect(relay.batches).toEqual([[]]);
    dispatcher.wake();
    await clock.advance(86_400_000);
    expect(relay.batches).toEqual([[]]);
  });

  it('is told by the first event where there is one', async () => {
    const { clock, dispatcher } = stage;
    stage.enqueue('a');
    dispatcher.start();
    await clock.advance(86_400_000);
    expect(relay.batches).toEqual([['a']]);
  });

  it('is told of another place when what is under way has been answered', async () => {
    const { clock, dispatcher } = stage;
    dispatcher.start();
    await settled();
    relay.answer = () => stage.later(10_000);
    stage.enqueue('a');
    await clock.advance(1000);
    const next = new FakeRelay();
    dispatcher.transport = next;
    await clock.advance(1000);
    // Or the answered one might be the last word.
    expect(next.batches).toEqual([]);
    await clock.advance(10_000);
    expect(next.batches).toEqual([[]]);
    expect(relay.batches).toEqual([[], ['a']]);
  });

  it.each<SendResult>([RETRY, { status: 'unauthorized', reason: '403' }])(
    'is told for as long as it takes: %j',
    async result => {
      const { clock, dispatcher, observer } = stage;
      relay.answer = () => result;
      dispatcher.start();
      await clock.advance(600_000);
      expect(relay.batches.length).toBeGreaterThan(3);
      relay.answer = () => ACCEPTED;
      await clock.advance(120_000);
      const { length } = relay.batches;
      await clock.advance(86_400_000);
      expect(relay.batches).toHaveLength(length);
      expect(observer.states[observer.states.length - 1]).toEqual([null, null]);
    }
  );

  it.each<SendResult>([
    { status: 'rejected', reason: '400' },
    { status: 'too_large', reason: '413' }
  ])(
    'of an older version hears of it with the next event: %j',
    async result => {
      const { clock, dispatcher, observer, outbox } = stage;
      relay.answer = uuids => (uuids.length === 0 ? result : ACCEPTED);
      dispatcher.start();
      await clock.advance(600_000);
      expect(relay.batches).toEqual([[]]);
      expect(await outbox.counts()).toMatchObject({ setAside: 0 });
      expect(observer.states).toEqual([[null, null]]);
      stage.enqueue('a', 'b');
      await clock.advance(400);
      expect(relay.batches).toEqual([[], ['a', 'b']]);
    }
  );

  it('is told nothing by a dispatcher that is not to', async () => {
    stage = new DispatcherStage({ transport: relay });
    stage.dispatcher.start();
    await stage.clock.advance(86_400_000);
    expect(relay.batches).toEqual([]);
  });
});

it('any other place gets no empty batch', async () => {
  const { clock, dispatcher, transport } = new DispatcherStage({
    tellsRelay: true
  });
  dispatcher.start();
  await clock.advance(86_400_000);
  expect(transport.batches).toEqual([]);
});
