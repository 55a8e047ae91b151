/** @jest-environment node */
import { range, settled, uuidsOf } from '../../deliverystage';
import { REST, WriterStage } from './writerstage';

const stage = new WriterStage();
const { begin, inMemory, makeWriter, slow, write } = stage;

describe('OutboxWriter', () => {
  it('writes a burst at once', async () => {
    await begin(...range(1000));
    expect(stage.writes).toEqual([range(1000)]);
    expect(stage.stored).toEqual([true]);
    await write('z');
    expect(stage.writes).toHaveLength(2);
  });

  it('writes what comes during a write with the next one', async () => {
    slow();
    const first = begin('a');
    await settled();
    const others = begin('b', 'c');
    await settled();
    expect(stage.writes).toEqual([['a']]);
    expect(stage.stored).toEqual([]);
    stage.release();
    await stage.clock.advance(REST);
    await Promise.all([first, others, stage.writer.idle()]);
    expect(stage.writes).toEqual([['a'], ['b', 'c']]);
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b', 'c']);
  });

  it('writes at once what comes alone, and with pauses what comes in a burst', async () => {
    await begin('a');
    // Each comes 40 ms after the one before.
    for (const uuid of range(6)) {
      await stage.clock.advance(40);
      void begin(uuid);
    }
    expect(stage.writes.map(uuids => uuids.length)).toEqual([1, 2, 2]);
    await stage.clock.advance(REST);
    expect(stage.writes.map(uuids => uuids.length)).toEqual([1, 2, 2, 2]);
    await stage.clock.advance(REST);
    await begin('z');
    expect(stage.writes).toHaveLength(5);
  });

  it('is kept waiting by no clock that is set back', async () => {
    await begin('a');
    jest.spyOn(stage.clock, 'now').mockReturnValue(0);
    await begin('b');
    expect(stage.writes).toEqual([['a'], ['b']]);
  });

  it('is idle when everything is stored', async () => {
    await stage.writer.idle();
    slow();
    void begin('a');
    const idle = stage.writer.idle().then(() => stage.stored.length);
    await settled();
    void begin('b');
    stage.release();
    await stage.clock.advance(REST);
    expect(await idle).toBe(2);
  });

  // The end of a write is a chain of microtasks: the event comes after each of them.
  it.each(Array.from({ length: 30 }, (_, turns) => turns))(
    'writes what comes %d turns after another',
    async turns => {
      void begin('a');
      for (let i = 0; i < turns; i++) {
        await Promise.resolve();
      }
      await write('b');
      expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b']);
    }
  );

  it('begins at once when it must hurry', async () => {
    slow();
    void begin('a');
    await settled();
    void begin('b', 'c');
    stage.writer.hurry();
    stage.writer.hurry();
    await settled();
    // Though the first is still under way.
    expect(stage.writes).toEqual([['a'], ['b', 'c']]);
    stage.release();
    await stage.writer.idle();
    await settled();
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b', 'c']);
    expect(stage.stored).toEqual([true, true]);
  });

  it('waits for no timer when it must hurry', async () => {
    await begin('a');
    void begin('b');
    await settled();
    stage.writer.hurry();
    await settled();
    await stage.writer.idle();
    expect(stage.writes).toEqual([['a'], ['b']]);
  });

  it('waits for no timer of a hidden page', async () => {
    Object.assign(globalThis, { document: { hidden: true } });
    try {
      await begin('a');
      await begin('b');
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
    expect(stage.writes).toEqual([['a'], ['b']]);
  });

  it('is not idle before what it hurried with is stored', async () => {
    slow();
    const written = begin('a').then(() => stage.stored.length);
    stage.writer.hurry();
    const idle = stage.writer.idle().then(() => stage.stored.length);
    await settled();
    stage.release();
    expect(await written).toBe(1);
    expect(await idle).toBe(1);
  });
});

it('without a disk everything is kept in memory', async () => {
  makeWriter(null);
  await begin('a');
  expect(await inMemory()).toEqual(['a']);
  expect(stage.stored).toEqual([false]);
});
