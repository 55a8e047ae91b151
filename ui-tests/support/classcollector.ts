import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VENV } from './server';

const PYTHON = join(VENV, 'bin', 'python');
const LEARNING = "WHERE event NOT LIKE 'consent!_%' ESCAPE '!'";

/** What `jupyter telemetry collect --json` says when it is ready. */
interface ITold {
  readonly url: string;
  readonly join: string;
  readonly class_key: string;
  readonly instructor_key: string;
}

/** A class collector in a process and a directory of its own. */
export class ClassCollector {
  /**
   * Starts a collector and waits until it answers.
   *
   * @param args - more arguments of `collect`; it listens on loopback, on a free port
   */
  static async start(...args: string[]): Promise<ClassCollector> {
    const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-class-'));
    const collector = new ClassCollector(folder, args);
    collector._told = await collector._spawn(args);
    return collector;
  }

  private constructor(
    private readonly _folder: string,
    private readonly _args: string[]
  ) {}

  /** Where the collector is, without a slash at the end. */
  get url(): string {
    return this._told.url;
  }

  /** What a student enters behind `jupyter telemetry join`. */
  get join(): string {
    return this._told.join;
  }

  get classKey(): string {
    return this._told.class_key;
  }

  get instructorKey(): string {
    return this._told.instructor_key;
  }

  /** The class's file. */
  get database(): string {
    return join(this._folder, 'cs1.sqlite3');
  }

  /** Run another command of `jupyter telemetry`, and give what it printed. */
  async telemetry(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      PYTHON,
      ['-m', 'ipynb_telemetry', ...args],
      { cwd: this._folder }
    );
    return stdout;
  }

  /** Have all sessions of instructors end. */
  async endSessions(): Promise<void> {
    await this._sql('UPDATE instructor_session SET ends_ms = 0');
  }

  /**
   * The names of the stored events with who they are of, oldest first; without those
   * that tell of a consent, which come first in each browser.
   */
  async events(): Promise<ReadonlyArray<readonly [string, string]>> {
    return (await this._sql(
      `SELECT event, distinct_id FROM events ${LEARNING} ORDER BY id`
    )) as Array<[string, string]>;
  }

  /** The same events with who they are of and their properties, oldest first. */
  async properties(): Promise<
    ReadonlyArray<readonly [string, string, Record<string, unknown>]>
  > {
    const rows = (await this._sql(
      `SELECT event, distinct_id, properties FROM events ${LEARNING} ORDER BY id`
    )) as Array<[string, string, string]>;
    return rows.map(([event, student, text]) => [
      event,
      student,
      JSON.parse(text) as Record<string, unknown>
    ]);
  }

  /** Ends the collector: as Ctrl+C does, or as a machine that fails. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this._child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
  }

  /** Starts the collector again after `end`, on the same port and with all that was stored. */
  async resume(): Promise<void> {
    await this._spawn([...this._args, '--port', new URL(this.url).port]);
  }

  /** Ends the collector, and removes its directory. */
  async stop(): Promise<void> {
    await this.end();
    await rm(this._folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async _sql(statement: string): Promise<unknown> {
    const { stdout } = await promisify(execFile)(PYTHON, [
      '-c',
      'import json, sqlite3, sys\n' +
        'with sqlite3.connect(sys.argv[1]) as file:\n' +
        '    print(json.dumps(file.execute(sys.argv[2]).fetchall()))',
      this.database,
      statement
    ]);
    return JSON.parse(stdout);
  }

  private async _spawn(args: string[]): Promise<ITold> {
    const child = spawn(
      PYTHON,
      [
        ...['-m', 'ipynb_telemetry', 'collect', '--json', '--class', 'cs1'],
        ...['--database', this.database, '--ip', '127.0.0.1', '--port', '0'],
        ...args
      ],
      { cwd: this._folder, stdio: ['ignore', 'pipe', 'inherit'] }
    );
    this._child = child;
    let text = '';
    for await (const part of child.stdout) {
      text += String(part);
      if (/^\}\n/m.test(text)) {
        return JSON.parse(text) as ITold;
      }
    }
    throw new Error('The class collector ended before it was ready.');
  }

  private _child: ChildProcess | null = null;
  private _told!: ITold;
}
