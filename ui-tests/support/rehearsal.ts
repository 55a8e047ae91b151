import { randomUUID } from 'node:crypto';
import type { Server } from './server';

const MINUTE = 60_000;

/** An exercise of a rehearsed class. */
interface IRehearsedExercise {
  readonly id: string;
  readonly title: string;
  readonly cell: string;
  /** Null: the exercise has no test, and cannot be passed. */
  readonly test: string | null;
}

/** Exercises of a notebook, each with a cell and a test. */
export function exercisesOf(count: number): IRehearsedExercise[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `exercise-${index + 1}`,
    title: `Exercise ${index + 1}`,
    cell: `cell${index + 1}`,
    test: `test_${index + 1}`
  }));
}

/** A student of a rehearsed class, whose events a test tells one by one, oldest first. */
export class RehearsedStudent {
  /** @param _startMs - when the notebook was opened */
  constructor(
    readonly id: string,
    private readonly _notebook: string,
    private readonly _startMs = Date.now() - 20 * MINUTE
  ) {
    this._tell('session_started', { kernel: 'python3' });
  }

  /** What is sent of what was told. */
  readonly events: object[] = [];

  /** Run a cell; `error` is the message of a KeyError. */
  run(cell: string, code: string, error: string | null = null): this {
    return this._tell('cell_executed', {
      cell_id: cell,
      cell_index: 1,
      execution_count: this._seq,
      attempt: 1,
      success: error === null,
      status: error === null ? 'ok' : 'error',
      error: error === null ? null : failure('KeyError', error),
      duration_ms: 5,
      queued_ms: 0,
      code,
      output: error === null ? 'done' : '',
      truncated: false
    });
  }

  /** Have a test's result; `wrong` is the message of the failure. */
  test(name: string, cell: string, isPassed: boolean, wrong = 'wrong'): this {
    return this._tell(isPassed ? 'test_passed' : 'test_failed', {
      test: name,
      attempt: 1,
      duration_ms: 3,
      cell_id: cell,
      error: isPassed ? null : failure('AssertionError', wrong)
    });
  }

  /** Open the solution of a cell, and close it again. */
  peek(cell: string): this {
    const summary = `Solution of ${cell}`;
    const common = {
      summary,
      cell_id: solutionOf(cell),
      cell_index: 9,
      peek: 1
    };
    return this._tell('solution_peek', common)._tell('solution_closed', {
      ...common,
      open_ms: 15_000
    });
  }

  /** Work on without an event. */
  work(minutes: number): this {
    this._laterMs += minutes * MINUTE;
    this._activeMs += minutes * MINUTE;
    return this;
  }

  /** Look at another window for so long. */
  away(minutes: number): this {
    this._tell('blur', { reason: 'window' });
    this._laterMs += minutes * MINUTE;
    return this._tell('focus', {
      reason: 'window',
      away_ms: minutes * MINUTE
    });
  }

  /** Have the last event on its way, until it is told to arrive. */
  delay(): this {
    this._delayed.push(this.events.pop()!);
    return this;
  }

  /** Have what was on its way arrive. */
  arrive(): this {
    this.events.push(...this._delayed.splice(0));
    return this;
  }

  /** Close the notebook. */
  leave(): this {
    return this._tell('session_ended', { duration_ms: this._seq * 1_000 });
  }

  private _tell(event: string, properties: object): this {
    this._seq += 1;
    this.events.push({
      uuid: randomUUID(),
      event,
      distinct_id: this.id,
      timestamp: new Date(
        this._startMs + this._seq * 5_000 + this._laterMs
      ).toISOString(),
      properties: {
        notebook: this._notebook,
        session_id: this._session,
        seq: this._seq,
        active_ms: this._seq * 4_000 + this._activeMs,
        ...properties
      }
    });
    return this;
  }

  private readonly _session = randomUUID();
  private readonly _delayed: object[] = [];
  private _seq = 0;
  private _laterMs = 0;
  private _activeMs = 0;
}

/** The cell that has the solution of another one. */
const solutionOf = (cell: string): string => `solution-${cell}`;

function failure(name: string, value: string): object {
  return {
    name,
    value,
    traceback: `Traceback (most recent call last):\n${name}: ${value}`
  };
}

/** Give a server the outline, the roster and the events of a class. */
export async function rehearse(
  server: Server,
  notebook: string,
  exercises: ReadonlyArray<IRehearsedExercise>,
  students: ReadonlyArray<RehearsedStudent>,
  members: ReadonlyArray<object> = []
): Promise<void> {
  await send(server, 'class/outline', 'PUT', {
    notebook,
    exercises: exercises.map(({ id, title, cell, test }) => ({
      id,
      title,
      cells: [cell],
      tests: test === null ? [] : [test],
      solutions: [solutionOf(cell)]
    }))
  });
  if (members.length > 0) {
    // Students of other tests at this server are asked for their names all the same.
    await send(server, 'class/roster', 'PUT', { members, offer: 'nothing' });
  }
  await tell(server, students);
}

/** Send what students did; what was sent before is known by its uuid, and is there once. */
export async function tell(
  server: Server,
  students: ReadonlyArray<RehearsedStudent>
): Promise<void> {
  const batch = students.flatMap(({ events }) => events);
  for (let start = 0; start < batch.length; start += 500) {
    await send(server, 'batch/', 'POST', {
      api_key: 'embedded',
      batch: batch.slice(start, start + 500)
    });
  }
}

async function send(
  server: Server,
  path: string,
  method: string,
  body: object
): Promise<void> {
  const answer = await server.fetch(`ipynb-telemetry/${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' }
  });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}
