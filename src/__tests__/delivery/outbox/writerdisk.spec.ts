/** @jest-environment node */
import { settled, uuidsOf } from '../../deliverystage';
import { WriterStage } from './writerstage';

const stage = new WriterStage();
const { begin, inMemory, refuse, slow, write } = stage;

describe('a disk that refuses', () => {
  beforeEach(() => {
    jest.spyOn(console, 'warn').mockReturnValue();
    refuse();
  });

  it('costs no event: they are kept in memory', async () => {
    await begin('a', 'b');
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stage.stored).toEqual([false]);
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it('is asked again after a minute, and takes what memory has', async () => {
    await begin('a');
    await stage.clock.advance(59_999);
    await begin('b');
    expect(stage.writes).toEqual([['a']]);
    await stage.clock.advance(1);
    await write('c');
    expect(stage.writes).toEqual([['a'], ['a', 'b', 'c']]);
    expect(await inMemory()).toEqual(['a', 'b', 'c']);

    stage.disk = () => Promise.resolve();
    await stage.clock.advance(60_000);
    await begin('d');
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b', 'c', 'd']);
    expect(await inMemory()).toEqual([]);
    expect(stage.stored).toEqual([false, false, false, true]);
    // Once for each change.
    expect(console.warn).toHaveBeenCalledTimes(1);
    refuse();
    await write('e');
    expect(console.warn).toHaveBeenCalledTimes(2);
  });

  it('takes nothing from memory that is being sent from there', async () => {
    await begin('a', 'b');
    stage.disk = () => Promise.resolve();
    stage.underWay.add('a');
    await stage.clock.advance(60_000);
    await begin('c');
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['b', 'c']);
    expect(await inMemory()).toEqual(['a']);
    // Should it not be taken, it comes to the disk with the next.
    stage.underWay.clear();
    await stage.clock.advance(60_000);
    await begin('d');
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['b', 'c', 'a', 'd']);
    expect(await inMemory()).toEqual([]);
  });

  it('never has what memory has, too: a round could begin meanwhile', async () => {
    await begin('a');
    slow();
    await stage.clock.advance(60_000);
    const writing = begin('b');
    await settled();
    expect(await inMemory()).toEqual([]);
    stage.release();
    await writing;
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b']);
  });

  it('takes what memory has once, of two writes at a time', async () => {
    await begin('a');
    slow();
    await stage.clock.advance(60_000);
    void begin('b');
    await Promise.resolve();
    await Promise.resolve();
    void begin('c');
    stage.writer.hurry();
    await settled();
    stage.release();
    await stage.writer.idle();
    expect(stage.writes).toEqual([['a'], ['a', 'b'], ['c']]);
  });

  it('is asked again when the clock is set back', async () => {
    await begin('a');
    stage.disk = () => Promise.resolve();
    jest.spyOn(stage.clock, 'now').mockReturnValue(0);
    await begin('b');
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b']);
  });

  it('is not asked again at once, unless memory is empty', async () => {
    await begin('a');
    stage.disk = () => Promise.resolve();
    await write('b');
    expect(stage.writes).toEqual([['a']]);
    expect(await inMemory()).toEqual(['a', 'b']);

    await stage.memory.remove(['a', 'b']);
    await write('c');
    expect(stage.writes).toEqual([['a'], ['c']]);
    expect(stage.stored).toEqual([false, false, true]);
    expect(await inMemory()).toEqual([]);
  });
});
