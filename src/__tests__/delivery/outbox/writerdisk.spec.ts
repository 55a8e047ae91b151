/** @jest-environment node */
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import type { IRow } from '../../../delivery/wire';
import { settled, uuidsOf } from '../../deliverystage';
import { WriterStage } from './writerstage';

const stage = new WriterStage();
const { begin, inMemory, makeWriter, refuse, slow, write } = stage;

/** Does one thing after the other, as a database does, once it answers. */
class SerialOutbox extends MemoryOutbox {
  answer: () => void = () => undefined;

  override add(rows: ReadonlyArray<IRow>): Promise<void> {
    return this._after(() => super.add(rows));
  }

  override remove(
    uuids: ReadonlyArray<string>
  ): Promise<ReadonlyArray<string>> {
    return this._after(() => super.remove(uuids));
  }

  private _after<T>(work: () => Promise<T>): Promise<T> {
    const done = this._last.then(work);
    this._last = done;
    return done;
  }

  private _last: Promise<unknown> = new Promise<void>(resolve => {
    this.answer = resolve;
  });
}

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

describe('a disk that does not answer', () => {
  beforeEach(() => {
    jest.spyOn(console, 'warn').mockReturnValue();
    slow();
  });

  it('holds up nothing for longer than ten seconds', async () => {
    void begin('a');
    await settled();
    void begin('b');
    await stage.clock.advance(9_999);
    expect(await inMemory()).toEqual([]);
    await stage.clock.advance(1);
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stage.stored).toEqual([false, false]);
    expect(stage.clock.timers).toBe(0);
  });

  it('has half a second more for each further event of a write', async () => {
    const writing = Promise.all(['a', 'b', 'c'].map(uuid => begin(uuid)));
    await stage.clock.advance(10_999);
    expect(await inMemory()).toEqual([]);
    await stage.clock.advance(1);
    await writing;
    expect(await inMemory()).toEqual(['a', 'b', 'c']);
    expect(stage.clock.timers).toBe(0);
  });

  it('has a minute at most, however many events wait', async () => {
    const uuids = Array.from({ length: 300 }, (_, nth) => `e${nth}`);
    const writing = Promise.all(uuids.map(uuid => begin(uuid)));
    await stage.clock.advance(60_000);
    await writing;
    expect(await stage.memory.counts()).toMatchObject({ waiting: 300 });
  });

  it('and takes the write after all keeps nothing that is in memory', async () => {
    void begin('a');
    await stage.clock.advance(10_000);
    stage.release();
    await settled();
    expect(await inMemory()).toEqual(['a']);
    expect(await stage.durable.counts()).toMatchObject({ waiting: 0 });
  });

  it('is not asked again before it has: nothing is lost behind that write', async () => {
    const disk = new SerialOutbox();
    makeWriter(disk);
    void begin('a');
    await stage.clock.advance(70_000);
    const writing = begin('b');
    await settled();
    disk.answer();
    await writing;
    await settled();
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(await disk.counts()).toMatchObject({ waiting: 0 });

    await write('c');
    expect(uuidsOf(await disk.peek(10))).toEqual(['a', 'b', 'c']);
    expect(await inMemory()).toEqual([]);
  });

  it('has its time when it answers', async () => {
    const writing = begin('a');
    await stage.clock.advance(9_999);
    stage.release();
    await writing;
    expect(stage.stored).toEqual([true]);
    expect(stage.clock.timers).toBe(0);
  });
});
