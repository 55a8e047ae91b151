/** @jest-environment node */
import {
  ACCEPTED,
  DispatcherStage,
  range,
  row,
  settled
} from '../../deliverystage';

let stage: DispatcherStage;

beforeEach(() => {
  stage = new DispatcherStage();
  stage.dispatcher.start();
});

describe('Dispatcher', () => {
  it('gathers a burst into one batch, in order', async () => {
    const { clock, observer, transport } = stage;
    stage.enqueue('a', 'b');
    await clock.advance(300);
    stage.enqueue('c');
    await clock.advance(99);
    expect(transport.batches).toEqual([]);
    await clock.advance(1);
    expect(transport.batches).toEqual([['a', 'b', 'c']]);
    expect(observer.deliveries).toEqual(['a', 'b', 'c']);
    expect(await stage.waiting()).toEqual([]);
  });

  it('sends a burst that goes on each two seconds', async () => {
    const { clock, observer, transport } = stage;
    const sentAt: number[] = [];
    transport.answer = () => {
      sentAt.push(clock.now() - begun);
      return ACCEPTED;
    };
    const begun = clock.now();
    for (let i = 0; i < 50; i++) {
      stage.enqueue(`e${String(i).padStart(2, '0')}`);
      await clock.advance(100);
    }
    expect(sentAt).toEqual([400, 2400, 4400]);
    // After the burst an event waits no longer than any other.
    await clock.advance(3_000);
    stage.enqueue('f');
    await clock.advance(400);
    expect(sentAt).toEqual([400, 2400, 4400, 6400, 8400]);
    expect(observer.deliveries).toHaveLength(51);
  });

  it('is at rest when nothing waits', async () => {
    const { clock, dispatcher, transport } = stage;
    stage.enqueue('a');
    await clock.advance(400);
    expect(clock.timers).toBe(0);
    dispatcher.wake();
    await dispatcher.flush();
    expect(transport.batches).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('sends 450 events as three batches, one at a time', async () => {
    const { clock, observer, transport } = stage;
    transport.answer = () => stage.later(50);
    stage.enqueue(...range(450));
    await clock.advance(1000);
    expect(transport.batches.map(batch => batch.length)).toEqual([
      200, 200, 50
    ]);
    expect(transport.peak).toBe(1);
    expect(observer.deliveries).toEqual(range(450));
  });

  it('sends what an earlier visit left as soon as it is started', async () => {
    const { dispatcher, outbox, transport } = new DispatcherStage();
    await outbox.add([row('a')]);
    await dispatcher.flush();
    dispatcher.notify();
    expect(transport.batches).toEqual([]);
    dispatcher.start();
    await settled();
    expect(transport.batches).toEqual([['a']]);
  });

  it('keeps what is added while a batch is under way', async () => {
    const { clock, transport } = stage;
    transport.answer = () => stage.later(1000);
    stage.enqueue('b');
    await clock.advance(400);
    // A uuid that sorts before the one under way.
    stage.enqueue('a');
    await clock.advance(1000);
    expect(transport.batches).toEqual([['b'], ['a']]);
  });
});

describe('flush', () => {
  it('settles when what was there before is sent', async () => {
    const { dispatcher, transport } = stage;
    stage.enqueue('a');
    await dispatcher.flush();
    expect(transport.batches).toEqual([['a']]);
    expect(stage.clock.timers).toBe(0);
  });

  it('waits for a round that took its events before the latest came', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => stage.later(1000);
    stage.enqueue('a');
    await clock.advance(400);
    stage.enqueue('b');
    const flushed = dispatcher.flush();
    await clock.advance(2000);
    await flushed;
    expect(observer.deliveries).toEqual(['a', 'b']);
  });
});

describe('stop', () => {
  it('waits for what is under way, and sends no more', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = () => stage.later(1000);
    stage.enqueue(...range(300));
    await clock.advance(400);
    let isStopped = false;
    const stopping = dispatcher.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(999);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(observer.deliveries).toHaveLength(200);

    stage.enqueue('z');
    dispatcher.wake();
    await dispatcher.flush();
    await clock.advance(1_000_000);
    expect(transport.batches).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it('leaves no pause behind when the last answer is a failure', async () => {
    const { clock, dispatcher, transport } = stage;
    transport.answer = () =>
      stage.later(1000, { status: 'retry', reason: 'down' });
    stage.enqueue('a');
    await clock.advance(400);
    const stopping = dispatcher.stop();
    await clock.advance(1000);
    await stopping;
    expect(clock.timers).toBe(0);
    expect(await stage.waiting()).toEqual(['a']);
  });

  it('may be followed by another start', async () => {
    const { dispatcher, observer, outbox, transport } = stage;
    await dispatcher.stop();
    await outbox.add([row('a')]);
    dispatcher.start();
    await settled();
    expect(transport.batches).toEqual([['a']]);
    // The one that sent meanwhile may have left a bad word behind.
    expect(observer.states).toEqual([
      [null, null],
      [null, null]
    ]);
  });
});

describe('an event that comes while a round runs', () => {
  const turns = range(40).map((_, index) => index);

  async function turn(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await Promise.resolve();
    }
  }

  // A round is a chain of microtasks: the event comes after each of them.
  it.each(turns)('is delivered, after %d turns', async count => {
    const { clock, observer, transport } = stage;
    stage.enqueue('a');
    await clock.advance(399);
    const due = clock.advance(1);
    await turn(count);
    stage.enqueue('b');
    await due;
    await clock.advance(400);
    expect(observer.deliveries).toEqual(['a', 'b']);
    expect(transport.batches.flat()).toEqual(['a', 'b']);
    expect(clock.timers).toBe(0);
  });

  it.each(turns)(
    'is delivered, after %d turns, though sending is asked for by others, too',
    async count => {
      const { clock, dispatcher, observer } = stage;
      for (let gap = 0; gap < 8; gap++) {
        stage.enqueue(`a${gap}`);
        await clock.advance(399);
        const due = clock.advance(1);
        await turn(count);
        stage.enqueue(`b${gap}`);
        await turn(gap);
        dispatcher.wake();
        await due;
        await clock.advance(400);
        expect(observer.deliveries).toHaveLength(2 * gap + 2);
        expect(clock.timers).toBe(0);
      }
    }
  );

  it('is delivered, whatever stage of a slow request it meets', async () => {
    const { clock, observer, transport } = stage;
    transport.answer = () => stage.later(1000);
    for (const uuid of range(60)) {
      stage.enqueue(uuid);
      await clock.advance(97);
    }
    await clock.advance(2500);
    expect(observer.deliveries).toEqual(range(60));
    expect(transport.peak).toBe(1);
  });
});
