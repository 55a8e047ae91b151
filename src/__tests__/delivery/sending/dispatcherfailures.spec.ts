/** @jest-environment node */
import type { SendResult } from '../../../delivery/sending/answer';
import { ACCEPTED, DispatcherStage, RETRY, settled } from '../../deliverystage';

let stage: DispatcherStage;
/** When each request left, in milliseconds. */
let sent: number[];

const pauses = (): number[] =>
  sent.slice(1).map((time, index) => time - sent[index]);

/** From now on everything fails, with a request to wait. */
function fail(afterMs?: number): void {
  stage.transport.answer = () => {
    sent.push(stage.clock.now());
    return { status: 'retry', reason: 'down', afterMs };
  };
}

beforeEach(() => {
  sent = [];
  stage = new DispatcherStage();
  stage.dispatcher.start();
  fail();
});

afterEach(() => jest.restoreAllMocks());

describe('a failure', () => {
  it.each([
    [0, 0.5],
    [1 - Number.EPSILON, 1]
  ])('is followed by growing pauses (chance %d)', async (chance, part) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    stage.enqueue('a');
    await stage.clock.advance(600_000);
    const expected = [1, 2, 4, 8, 16, 32, 64, 120, 120].map(
      seconds => seconds * 1000 * part
    );
    pauses()
      .slice(0, 9)
      .forEach((pause, index) => expect(pause).toBeCloseTo(expected[index]));
    expect(pauses().length).toBeGreaterThanOrEqual(8);
  });

  it('is not repeated by a whole class at the same moment', async () => {
    stage.enqueue('a');
    await stage.clock.advance(3_600_000);
    expect(new Set(pauses().slice(-10)).size).toBeGreaterThan(5);
    expect(Math.max(...pauses())).toBeLessThanOrEqual(120_001);
  });

  it('loses nothing, and pauses are short again afterwards', async () => {
    const { clock, observer, transport } = stage;
    stage.enqueue('a');
    await clock.advance(60_000);
    transport.answer = () => ACCEPTED;
    await clock.advance(120_000);
    expect(observer.deliveries).toEqual(['a']);

    sent = [];
    fail();
    stage.enqueue('b');
    await clock.advance(2_000);
    expect(pauses()[0]).toBeLessThanOrEqual(1000);
  });

  it('is not repeated sooner for a new event', async () => {
    fail(60_000);
    stage.enqueue('a');
    await stage.clock.advance(400);
    for (let i = 0; i < 50; i++) {
      stage.enqueue(`e${i}`);
      await stage.clock.advance(1000);
    }
    expect(sent).toHaveLength(1);
  });

  it('is not repeated sooner for an event that came during the request', async () => {
    const { clock, transport } = stage;
    transport.answer = () => {
      sent.push(clock.now());
      return stage.later(1000, { ...RETRY, afterMs: 60_000 } as typeof RETRY);
    };
    stage.enqueue('a');
    await clock.advance(500);
    stage.enqueue('b');
    await clock.advance(59_000);
    expect(sent).toHaveLength(1);
    await clock.advance(3_000);
    expect(transport.batches).toEqual([['a'], ['a', 'b']]);
  });

  it('is repeated at once when the network or the student is back', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    stage.enqueue('a');
    await clock.advance(60_000);
    const before = sent.length;
    transport.answer = () => ACCEPTED;
    dispatcher.wake();
    await clock.advance(0);
    expect(observer.deliveries).toEqual(['a']);
    await clock.advance(600_000);
    expect(transport.batches).toHaveLength(before + 1);
    expect(clock.timers).toBe(0);
  });
});

describe('a request to wait', () => {
  it('is kept to', async () => {
    fail(30_000);
    stage.enqueue('a');
    await stage.clock.advance(31_000);
    expect(pauses()).toEqual([30_000]);
  });

  it('that is shorter than the pause changes nothing', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    fail(10);
    stage.enqueue('a');
    await stage.clock.advance(2_000);
    expect(pauses()).toEqual([500, 1000]);
  });

  it.each([1e10, 1e300, Infinity])(
    'of %d ms is kept to for an hour',
    async afterMs => {
      fail(afterMs);
      stage.enqueue('a');
      await stage.clock.advance(3_600_000);
      expect(sent).toHaveLength(1);
      // No answer of the other end is for ever.
      await stage.clock.advance(400);
      expect(pauses()).toEqual([3_600_000]);
    }
  );
});

describe('what is told of failures', () => {
  /** Fail until so many requests were made. */
  async function failTimes(count: number): Promise<void> {
    const end = sent.length + count;
    fail();
    while (sent.length < end) {
      await stage.clock.advance(100);
    }
  }

  it('is when the next attempt is', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const start = stage.clock.now();
    stage.enqueue('a');
    await stage.clock.advance(1_000);
    expect(stage.observer.states).toEqual([
      [null, null],
      [null, start + 900],
      [null, start + 1_900]
    ]);
    stage.transport.answer = () => ACCEPTED;
    await stage.clock.advance(1_000);
    expect(stage.observer.states[3]).toEqual([null, null]);
  });

  it('is nothing of up to four in a row', async () => {
    stage.enqueue('a');
    await failTimes(4);
    expect(stage.observer.problems).toEqual([]);
  });

  it('is why, from the fifth on, until one succeeds', async () => {
    const { clock, observer, transport } = stage;
    stage.enqueue('a');
    await failTimes(5);
    expect(observer.problems).toEqual(['down']);
    await failTimes(3);
    expect(observer.problems).toEqual(['down']);
    transport.answer = () => ACCEPTED;
    await clock.advance(120_000);
    expect(observer.problems).toEqual(['down', null]);
    expect(observer.states[observer.states.length - 1]).toEqual([null, null]);
    expect(observer.deliveries).toEqual(['a']);
  });

  it('is nothing any more when another page delivered what waited', async () => {
    const { clock, observer, outbox } = stage;
    stage.enqueue('a');
    await failTimes(5);
    await outbox.remove(['a']);
    await clock.advance(120_000);
    expect(observer.problems).toEqual(['down', null]);
    expect(observer.states[observer.states.length - 1]).toEqual([null, null]);
  });

  it('is nothing of an earlier turn of this page', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => ({ status: 'unauthorized', reason: '401' });
    stage.enqueue('a');
    await clock.advance(400);
    await dispatcher.stop();
    fail();
    dispatcher.start();
    await clock.advance(400);
    expect(observer.problems).toEqual(['401', null]);
  });

  it('starts anew after a success', async () => {
    const { clock, observer, transport } = stage;
    stage.enqueue('a');
    await failTimes(4);
    transport.answer = () => ACCEPTED;
    await clock.advance(120_000);
    stage.enqueue('b');
    await failTimes(4);
    expect(observer.problems).toEqual([]);
  });
});

describe('a page that may be about to go', () => {
  it('sends what is being gathered', async () => {
    stage.enqueue('a');
    await stage.dispatcher.hasten();
    await settled();
    expect(stage.transport.batches).toEqual([['a']]);
  });

  it.each<SendResult>([
    { status: 'retry', reason: '429', afterMs: 3_600_000 },
    { status: 'unauthorized', reason: '401' }
  ])('ends no pause: %j', async result => {
    stage.transport.answer = () => result;
    stage.enqueue('a');
    await stage.clock.advance(400);
    for (let times = 0; times < 20; times++) {
      await stage.dispatcher.hasten();
      await stage.clock.advance(1_000);
    }
    expect(stage.transport.batches).toEqual([['a']]);
  });

  it('makes none end that begins meanwhile', async () => {
    stage.transport.answer = () => stage.later(1_000, RETRY);
    stage.enqueue('a');
    await stage.clock.advance(400);
    void stage.dispatcher.hasten();
    await stage.clock.advance(1_100);
    expect(stage.transport.batches).toEqual([['a']]);
  });
});
