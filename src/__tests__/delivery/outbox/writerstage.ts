import type { IOutbox } from '../../../delivery/outbox/outbox';
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import { OutboxWriter } from '../../../delivery/outbox/writer';
import { FakeClock, row, uuidsOf } from '../../deliverystage';

/** Time until the next write of a burst. */
export const REST = 100;

/** A writer, its disk and its memory, made anew for each test. */
export class WriterStage {
  constructor() {
    beforeEach(() => {
      this.writes = [];
      this.stored = [];
      this.underWay = new Set();
      this.clock = new FakeClock();
      this.memory = new MemoryOutbox();
      this.disk = () => Promise.resolve();
      const durable: IOutbox = new MemoryOutbox();
      const { add } = durable;
      jest
        .spyOn(durable, 'add')
        .mockImplementation(async (rows, progressed) => {
          this.writes.push(uuidsOf(rows));
          this.progressed = () => progressed?.();
          await this.disk();
          await add.call(durable, rows);
        });
      this.durable = durable;
      this.makeWriter(durable);
    });
    afterEach(() => jest.restoreAllMocks());
  }

  clock!: FakeClock;
  durable!: IOutbox;
  memory!: MemoryOutbox;
  writer!: OutboxWriter;
  /** The uuids of each write to the disk. */
  writes: string[][] = [];
  /** What was told after each write. */
  stored: boolean[] = [];
  /** Lets writes to the disk end. */
  release: () => void = () => undefined;
  /** The disk says that it works at the last write. */
  progressed: () => void = () => undefined;
  /** What is being sent from memory. */
  underWay = new Set<string>();
  /** What the disk does with a write. */
  disk: () => Promise<void> = () => Promise.resolve();

  readonly makeWriter = (durable: IOutbox | null): void => {
    const { clock, memory } = this;
    this.writer = new OutboxWriter({
      clock,
      durable,
      memory,
      isUnderWay: uuid => this.underWay.has(uuid),
      stored: isDurable => this.stored.push(isDurable)
    });
  };

  readonly begin = (...uuids: string[]): Promise<void[]> =>
    Promise.all(uuids.map(uuid => this.writer.write(row(uuid))));

  /** Write events, with the time it takes after others. */
  readonly write = async (...uuids: string[]): Promise<void> => {
    const writing = this.begin(...uuids);
    await this.clock.advance(REST);
    await writing;
  };

  readonly inMemory = async (): Promise<string[]> =>
    uuidsOf(await this.memory.peek(100));

  readonly slow = (): void => {
    const gate = new Promise<void>(resolve => {
      this.release = resolve;
    });
    this.disk = () => gate;
  };

  readonly refuse = (): void => {
    this.disk = () => Promise.reject(new Error('full'));
  };
}
