/** @jest-environment node */
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import type { IRow } from '../../../delivery/wire';
import { settled, uuidsOf } from '../../deliverystage';
import { WriterStage } from './writerstage';

const stage = new WriterStage();
const { begin, inMemory, makeWriter, slow } = stage;

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

  it('has ten seconds more with each event that is heard of', async () => {
    const writing = begin('a', 'b', 'c');
    await settled();
    for (let heard = 0; heard < 2; heard++) {
      await stage.clock.advance(9_500);
      stage.progressed();
    }
    await stage.clock.advance(9_999);
    expect(await inMemory()).toEqual([]);
    await stage.clock.advance(1);
    await writing;
    expect(await inMemory()).toEqual(['a', 'b', 'c']);
    expect(stage.clock.timers).toBe(0);
  });

  it('has a minute and more in a page that is too busy to hear of it', async () => {
    stage.clock.lag = 51;
    void begin('a');
    await stage.clock.advance(120 * 551 - 1);
    expect(await inMemory()).toEqual([]);
    await stage.clock.advance(1);
    expect(await inMemory()).toEqual(['a']);
    expect(stage.clock.timers).toBe(0);
  });

  it('has ten seconds in a page that is busy no more', async () => {
    stage.clock.lag = 51;
    void begin('a');
    await stage.clock.advance(30 * 551);
    stage.clock.lag = 0;
    await stage.clock.advance(9_999);
    expect(await inMemory()).toEqual([]);
    await stage.clock.advance(1);
    expect(await inMemory()).toEqual(['a']);
  });

  it('has no more in a hidden page, whose timers are late', async () => {
    stage.clock.lag = 500;
    Object.assign(globalThis, { document: { hidden: true } });
    try {
      void begin('a');
      await stage.clock.advance(20 * 1_000);
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
    expect(await inMemory()).toEqual(['a']);
  });

  it('keeps nothing twice when it takes the write after all', async () => {
    void begin('a');
    await stage.clock.advance(10_000);
    stage.underWay.add('a');
    stage.release();
    await settled();
    expect(await inMemory()).toEqual(['a']);
    expect(await stage.durable.counts()).toMatchObject({ waiting: 0 });
  });

  it('answers again when it takes the write after all, with no further event', async () => {
    void begin('a');
    await settled();
    void begin('b');
    await stage.clock.advance(10_000);
    expect(stage.writer.isDurable).toBe(false);
    stage.release();
    await settled();
    await stage.writer.idle();
    expect(stage.writer.isDurable).toBe(true);
    expect(stage.stored.at(-1)).toBe(true);
    expect(await inMemory()).toEqual([]);
    expect(uuidsOf(await stage.durable.peek(10))).toEqual(['a', 'b']);
  });

  it('answers again though everything was sent from memory meanwhile', async () => {
    void begin('a');
    await stage.clock.advance(10_000);
    await stage.memory.remove(['a']);
    stage.release();
    await settled();
    expect(stage.stored).toEqual([false, true]);
    expect(await stage.durable.counts()).toMatchObject({ waiting: 0 });
  });

  it('does not answer again when it refuses the write in the end', async () => {
    let refuseIt: (reason: Error) => void = () => undefined;
    const refusal = new Promise<void>((_, reject) => {
      refuseIt = reject;
    });
    stage.disk = () => refusal;
    void begin('a');
    await stage.clock.advance(10_000);
    refuseIt(new Error('full'));
    await settled();
    expect(stage.stored).toEqual([false]);
    expect(stage.writes).toEqual([['a']]);
    expect(await inMemory()).toEqual(['a']);
  });

  it('is not where a page that is left leaves what memory had', async () => {
    void begin('a');
    await stage.clock.advance(10_000);
    stage.release();
    slow();
    await settled();
    // On its way from memory to a disk that is silent again.
    expect(await inMemory()).toEqual([]);
    expect(uuidsOf(stage.writer.unwritten)).toEqual(['a']);
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
    await stage.writer.idle();
    expect(uuidsOf(await disk.peek(10))).toEqual(['a', 'b']);
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
