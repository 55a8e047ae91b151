/** @jest-environment node */
import type { IOutbox } from '../../delivery/outbox';
import { MemoryOutbox } from '../../delivery/outbox';
import type { IRow } from '../../delivery/wire';
import { OutboxWriter } from '../../delivery/writer';
import { FakeClock, range, row, settled, uuidsOf } from '../deliverystage';

let clock: FakeClock;
let durable: MemoryOutbox;
let memory: MemoryOutbox;
let writer: OutboxWriter;
/** The uuids of each write to the disk. */
let writes: string[][];
/** What was told after each write. */
let stored: boolean[];
/** Lets writes to the disk end. */
let release: () => void;
/** What is being sent from memory. */
let underWay: Set<string>;
/** What the disk does with a write. */
let disk: () => Promise<void>;

function makeWriter(durable: IOutbox | null): void {
  writer = new OutboxWriter({
    clock,
    durable,
    memory,
    isUnderWay: uuid => underWay.has(uuid),
    stored: isDurable => stored.push(isDurable)
  });
}

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

const write = (...uuids: string[]): Promise<void[]> =>
  Promise.all(uuids.map(uuid => writer.write(row(uuid))));
const inMemory = async (): Promise<string[]> => uuidsOf(await memory.peek(100));

beforeEach(() => {
  writes = [];
  stored = [];
  underWay = new Set();
  clock = new FakeClock();
  durable = new MemoryOutbox();
  memory = new MemoryOutbox();
  disk = () => Promise.resolve();
  const { add } = durable;
  jest.spyOn(durable, 'add').mockImplementation(async rows => {
    writes.push(uuidsOf(rows));
    await disk();
    await add.call(durable, rows);
  });
  makeWriter(durable);
});

afterEach(() => jest.restoreAllMocks());

function slow(): void {
  const gate = new Promise<void>(resolve => {
    release = resolve;
  });
  disk = () => gate;
}

function refuse(): void {
  disk = () => Promise.reject(new Error('full'));
}

describe('OutboxWriter', () => {
  it('writes a burst at once', async () => {
    await write(...range(1000));
    expect(writes).toEqual([range(1000)]);
    expect(stored).toEqual([true]);
    await write('z');
    expect(writes).toHaveLength(2);
  });

  it('writes what comes during a write with the next one', async () => {
    slow();
    const first = write('a');
    await settled();
    const others = write('b', 'c');
    await settled();
    expect(writes).toEqual([['a']]);
    expect(stored).toEqual([]);
    release();
    await Promise.all([first, others, writer.idle()]);
    expect(writes).toEqual([['a'], ['b', 'c']]);
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b', 'c']);
  });

  it('is idle when everything is stored', async () => {
    await writer.idle();
    slow();
    void write('a');
    const idle = writer.idle().then(() => stored.length);
    await settled();
    void write('b');
    release();
    expect(await idle).toBe(2);
  });

  // The end of a write is a chain of microtasks: the event comes after each of them.
  it.each(Array.from({ length: 30 }, (_, turns) => turns))(
    'writes what comes %d turns after another',
    async turns => {
      void write('a');
      for (let i = 0; i < turns; i++) {
        await Promise.resolve();
      }
      await write('b');
      expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
    }
  );

  it('begins at once when it must hurry', async () => {
    slow();
    void write('a');
    await settled();
    void write('b', 'c');
    writer.hurry();
    writer.hurry();
    await settled();
    // Though the first is still under way.
    expect(writes).toEqual([['a'], ['b', 'c']]);
    release();
    await writer.idle();
    await settled();
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b', 'c']);
    expect(stored).toEqual([true, true]);
  });

  it('is not idle before what it hurried with is stored', async () => {
    slow();
    const written = write('a').then(() => stored.length);
    writer.hurry();
    const idle = writer.idle().then(() => stored.length);
    await settled();
    release();
    expect(await written).toBe(1);
    expect(await idle).toBe(1);
  });
});

describe('a disk that refuses', () => {
  beforeEach(() => {
    jest.spyOn(console, 'warn').mockReturnValue();
    refuse();
  });

  it('costs no event: they are kept in memory', async () => {
    await write('a', 'b');
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stored).toEqual([false]);
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it('is asked again after a minute, and takes what memory has', async () => {
    await write('a');
    await clock.advance(59_999);
    await write('b');
    expect(writes).toEqual([['a']]);
    await clock.advance(1);
    await write('c');
    expect(writes).toEqual([['a'], ['a', 'b', 'c']]);
    expect(await inMemory()).toEqual(['a', 'b', 'c']);

    disk = () => Promise.resolve();
    await clock.advance(60_000);
    await write('d');
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b', 'c', 'd']);
    expect(await inMemory()).toEqual([]);
    expect(stored).toEqual([false, false, false, true]);
    // Once for each change.
    expect(console.warn).toHaveBeenCalledTimes(1);
    refuse();
    await write('e');
    expect(console.warn).toHaveBeenCalledTimes(2);
  });

  it('takes nothing from memory that is being sent from there', async () => {
    await write('a', 'b');
    disk = () => Promise.resolve();
    underWay.add('a');
    await clock.advance(60_000);
    await write('c');
    expect(uuidsOf(await durable.peek(10))).toEqual(['b', 'c']);
    expect(await inMemory()).toEqual(['a']);
    // Should it not be taken, it comes to the disk with the next.
    underWay.clear();
    await clock.advance(60_000);
    await write('d');
    expect(uuidsOf(await durable.peek(10))).toEqual(['b', 'c', 'a', 'd']);
    expect(await inMemory()).toEqual([]);
  });

  it('never has what memory has, too: a round could begin meanwhile', async () => {
    await write('a');
    slow();
    await clock.advance(60_000);
    const writing = write('b');
    await settled();
    expect(await inMemory()).toEqual([]);
    release();
    await writing;
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
  });

  it('is asked again when the clock is set back', async () => {
    await write('a');
    disk = () => Promise.resolve();
    jest.spyOn(clock, 'now').mockReturnValue(0);
    await write('b');
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
  });

  it('is not asked again at once, unless memory is empty', async () => {
    await write('a');
    disk = () => Promise.resolve();
    await write('b');
    expect(writes).toEqual([['a']]);
    expect(await inMemory()).toEqual(['a', 'b']);

    await memory.remove(['a', 'b']);
    await write('c');
    expect(writes).toEqual([['a'], ['c']]);
    expect(stored).toEqual([false, false, true]);
    expect(await inMemory()).toEqual([]);
  });
});

describe('a disk that does not answer', () => {
  beforeEach(() => {
    jest.spyOn(console, 'warn').mockReturnValue();
    slow();
  });

  it('holds up nothing for longer than ten seconds', async () => {
    void write('a');
    await settled();
    void write('b');
    await clock.advance(9_999);
    expect(await inMemory()).toEqual([]);
    await clock.advance(1);
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stored).toEqual([false, false]);
    expect(clock.timers).toBe(0);
  });

  it('and takes the write after all keeps nothing that is in memory', async () => {
    void write('a');
    await clock.advance(10_000);
    release();
    await settled();
    expect(await inMemory()).toEqual(['a']);
    expect(await durable.count()).toBe(0);
  });

  it('is not asked again before it has: nothing is lost behind that write', async () => {
    const disk = new SerialOutbox();
    makeWriter(disk);
    void write('a');
    await clock.advance(70_000);
    const writing = write('b');
    await settled();
    disk.answer();
    await writing;
    await settled();
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(await disk.count()).toBe(0);

    await write('c');
    expect(uuidsOf(await disk.peek(10))).toEqual(['a', 'b', 'c']);
    expect(await inMemory()).toEqual([]);
  });

  it('has its time when it answers', async () => {
    const writing = write('a');
    await clock.advance(9_999);
    release();
    await writing;
    expect(stored).toEqual([true]);
    expect(clock.timers).toBe(0);
  });
});

it('without a disk everything is kept in memory', async () => {
  makeWriter(null);
  await write('a');
  expect(await inMemory()).toEqual(['a']);
  expect(stored).toEqual([false]);
});
