import { randomUUID } from 'node:crypto';
import { DeliveryClient } from '../../src/delivery/index';
import { uuid7 } from '../../src/events/uuid';

/** What a student does, as an event has it. */
export interface IHappening {
  readonly event: string;
  readonly properties: Record<string, unknown>;
}

/** A run of a cell, of about 1 KB. */
function run(seq: number): IHappening {
  return {
    event: 'cell_executed',
    properties: {
      cell_id: `cell-${seq % 40}`,
      cell_index: seq % 40,
      execution_count: seq,
      attempt: 1,
      success: true,
      status: 'ok',
      error: null,
      duration_ms: 12.3,
      queued_ms: 0.4,
      code: 'total = sum(values) * 2\n'.repeat(12),
      output: '1: 1\n'.repeat(60),
      truncated: false
    }
  };
}

/** Students whose programs have the real delivery, in this Node and not in browsers. */
export class NodeStudents {
  /**
   * @param count - of the students
   * @param host - of the collector
   * @param key - of the class
   * @param lessons - what each student does, one event after the other; default: runs cells
   */
  constructor(
    count: number,
    host: string,
    key: string,
    lessons: ReadonlyArray<ReadonlyArray<IHappening>> = []
  ) {
    this._students = Array.from({ length: count }, (_, index) => ({
      id: `STUDENT_${index}`,
      session: randomUUID(),
      seq: 0,
      lesson: lessons[index],
      client: new DeliveryClient({
        host,
        key,
        fetch: (url, init) => this._timed(url, init),
        observer: {
          setAside: (_, reason) => this.refusals.push(reason),
          dropped: uuids => (this.dropped += uuids.length)
        }
      })
    }));
  }

  /** The uuids of all events, in the order of their capture. */
  readonly produced: string[] = [];
  /** How long each POST took that was answered, in milliseconds. */
  readonly posts: number[] = [];
  /** How often each status was the answer; 0: there was none. */
  readonly statuses = new Map<number, number>();
  /** Why events were set aside. */
  readonly refusals: string[] = [];
  /** How many events were given up. */
  dropped = 0;

  /** Have a student do the next thing. */
  act(index: number): void {
    const student = this._students[index % this._students.length];
    const seq = ++student.seq;
    const { event, properties } = student.lesson?.[seq - 1] ?? run(seq);
    const uuid = uuid7();
    this.produced.push(uuid);
    void student.client.capture({
      uuid,
      event,
      distinct_id: student.id,
      properties: {
        ...properties,
        student_id: student.id,
        notebook: 'D1',
        session_id: student.session,
        seq
      }
    });
  }

  /** Have all act for a while, each at random times. */
  async work(ms: number, pauseMs: number): Promise<void> {
    const until = Date.now() + ms;
    await Promise.all(
      this._students.map(async (_, index) => {
        for (;;) {
          const pause = -Math.log(1 - Math.random()) * pauseMs;
          if (Date.now() + pause > until) {
            return;
          }
          await new Promise(resolve => setTimeout(resolve, pause));
          this.act(index);
        }
      })
    );
  }

  /** The network is back: all try at once. */
  wake(): void {
    for (const { client } of this._students) {
      client.wake();
    }
  }

  /** Settles when POSTs are under way, and so many have been answered from now on. */
  async answered(count: number): Promise<void> {
    const enough = this.posts.length + count;
    do {
      await new Promise<void>(resolve => this._listeners.push(resolve));
    } while (this.posts.length < enough);
  }

  /** How many events wait, of all students. */
  async waiting(): Promise<number> {
    const counts = await Promise.all(
      this._students.map(({ client }) => client.pending())
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Settles when nothing waits any more. */
  async drained(): Promise<void> {
    while ((await this.waiting()) > 0) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this._students.map(({ client }) => client.close()));
  }

  private async _timed(url: string, init: RequestInit): Promise<Response> {
    const begin = performance.now();
    let status = 0;
    try {
      const asked = fetch(url, init);
      this._tell();
      const answer = await asked;
      this.posts.push(performance.now() - begin);
      this._tell();
      status = answer.status;
      return answer;
    } finally {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    }
  }

  private _tell(): void {
    this._listeners.splice(0).forEach(tell => tell());
  }

  private readonly _listeners: Array<() => void> = [];
  private readonly _students: ReadonlyArray<{
    readonly id: string;
    readonly session: string;
    readonly lesson: ReadonlyArray<IHappening> | undefined;
    readonly client: DeliveryClient;
    seq: number;
  }>;
}
