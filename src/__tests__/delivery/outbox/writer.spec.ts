/** @jest-environment node */
import type { IOutbox } from '../../../delivery/outbox/outbox';
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import { OutboxWriter } from '../../../delivery/outbox/writer';
import type { IRow } from '../../../delivery/wire';
import { FakeClock, range, row, settled, uuidsOf } from '../../deliverystage';

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

/** Time until the next write of a burst. */
const REST = 50;

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

const begin = (...uuids: string[]): Promise<void[]> =>
  Promise.all(uuids.map(uuid => writer.write(row(uuid))));
/** Write events, with the time it takes after others. */
const write = async (...uuids: string[]): Promise<void> => {
  const writing = begin(...uuids);
  await clock.advance(REST);
  await writing;
};
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
    await begin(...range(1000));
    expect(writes).toEqual([range(1000)]);
    expect(stored).toEqual([true]);
    await write('z');
    expect(writes).toHaveLength(2);
  });

  it('writes what comes during a write with the next one', async () => {
    slow();
    const first = begin('a');
    await settled();
    const others = begin('b', 'c');
    await settled();
    expect(writes).toEqual([['a']]);
    expect(stored).toEqual([]);
    release();
    await clock.advance(REST);
    await Promise.all([first, others, writer.idle()]);
    expect(writes).toEqual([['a'], ['b', 'c']]);
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b', 'c']);
  });

  it('writes at once what comes alone, and with pauses what comes in a burst', async () => {
    await begin('a');
    // Each comes 20 ms after the one before.
    for (const uuid of range(6)) {
      await clock.advance(20);
      void begin(uuid);
    }
    expect(writes.map(uuids => uuids.length)).toEqual([1, 2, 2]);
    await clock.advance(REST);
    expect(writes.map(uuids => uuids.length)).toEqual([1, 2, 2, 2]);
    await clock.advance(REST);
    await begin('z');
    expect(writes).toHaveLength(5);
  });

  it('is kept waiting by no clock that is set back', async () => {
    await begin('a');
    jest.spyOn(clock, 'now').mockReturnValue(0);
    await begin('b');
    expect(writes).toEqual([['a'], ['b']]);
  });

  it('is idle when everything is stored', async () => {
    await writer.idle();
    slow();
    void begin('a');
    const idle = writer.idle().then(() => stored.length);
    await settled();
    void begin('b');
    release();
    await clock.advance(REST);
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
      expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
    }
  );

  it('begins at once when it must hurry', async () => {
    slow();
    void begin('a');
    await settled();
    void begin('b', 'c');
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

  it('waits for no timer when it must hurry', async () => {
    await begin('a');
    void begin('b');
    await settled();
    writer.hurry();
    await settled();
    await writer.idle();
    expect(writes).toEqual([['a'], ['b']]);
  });

  it('waits for no timer of a hidden page', async () => {
    Object.assign(globalThis, { document: { hidden: true } });
    try {
      await begin('a');
      await begin('b');
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
    expect(writes).toEqual([['a'], ['b']]);
  });

  it('is not idle before what it hurried with is stored', async () => {
    slow();
    const written = begin('a').then(() => stored.length);
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
    await begin('a', 'b');
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stored).toEqual([false]);
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it('is asked again after a minute, and takes what memory has', async () => {
    await begin('a');
    await clock.advance(59_999);
    await begin('b');
    expect(writes).toEqual([['a']]);
    await clock.advance(1);
    await write('c');
    expect(writes).toEqual([['a'], ['a', 'b', 'c']]);
    expect(await inMemory()).toEqual(['a', 'b', 'c']);

    disk = () => Promise.resolve();
    await clock.advance(60_000);
    await begin('d');
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
    await begin('a', 'b');
    disk = () => Promise.resolve();
    underWay.add('a');
    await clock.advance(60_000);
    await begin('c');
    expect(uuidsOf(await durable.peek(10))).toEqual(['b', 'c']);
    expect(await inMemory()).toEqual(['a']);
    // Should it not be taken, it comes to the disk with the next.
    underWay.clear();
    await clock.advance(60_000);
    await begin('d');
    expect(uuidsOf(await durable.peek(10))).toEqual(['b', 'c', 'a', 'd']);
    expect(await inMemory()).toEqual([]);
  });

  it('never has what memory has, too: a round could begin meanwhile', async () => {
    await begin('a');
    slow();
    await clock.advance(60_000);
    const writing = begin('b');
    await settled();
    expect(await inMemory()).toEqual([]);
    release();
    await writing;
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
  });

  it('is asked again when the clock is set back', async () => {
    await begin('a');
    disk = () => Promise.resolve();
    jest.spyOn(clock, 'now').mockReturnValue(0);
    await begin('b');
    expect(uuidsOf(await durable.peek(10))).toEqual(['a', 'b']);
  });

  it('is not asked again at once, unless memory is empty', async () => {
    await begin('a');
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
    void begin('a');
    await settled();
    void begin('b');
    await clock.advance(9_999);
    expect(await inMemory()).toEqual([]);
    await clock.advance(1);
    expect(await inMemory()).toEqual(['a', 'b']);
    expect(stored).toEqual([false, false]);
    expect(clock.timers).toBe(0);
  });

  it('and takes the write after all keeps nothing that is in memory', async () => {
    void begin('a');
    await clock.advance(10_000);
    release();
    await settled();
    expect(await inMemory()).toEqual(['a']);
    expect(await durable.counts()).toMatchObject({ waiting: 0 });
  });

  it('is not asked again before it has: nothing is lost behind that write', async () => {
    const disk = new SerialOutbox();
    makeWriter(disk);
    void begin('a');
    await clock.advance(70_000);
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
    await clock.advance(9_999);
    release();
    await writing;
    expect(stored).toEqual([true]);
    expect(clock.timers).toBe(0);
  });
});

it('without a disk everything is kept in memory', async () => {
  makeWriter(null);
  await begin('a');
  expect(await inMemory()).toEqual(['a']);
  expect(stored).toEqual([false]);
});
