// How long the answers about a class take in a store of a million events that goes on growing.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@playwright/test';
import { explain, median, quantile, record } from './support/figures';

interface ITimes {
  readonly events: number;
  /** Milliseconds, by the answer's name and whether `one` notebook is asked about or `all`. */
  readonly times: Readonly<Record<string, number[]>>;
}

const EVENTS = process.env.IPYNB_TELEMETRY_BENCH_EVENTS ?? '1000000';

test('answers', async () => {
  test.setTimeout(60 * 60_000);
  const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-answers-'));
  try {
    const { stdout } = await promisify(execFile)(
      join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'),
      [join(__dirname, 'answers.py'), join(folder, 'events.sqlite3'), EVENTS]
    );
    const { events, times } = JSON.parse(stdout) as ITimes;
    const slowest = new Map<string, [string, number]>();
    for (const [name, [first, ...values]] of Object.entries(times)) {
      const [answer, which] = name.split(' ');
      const high = quantile(values, 0.95);
      explain(
        `${name}: median ${median(values).toFixed(1)} ms, p95 ${high.toFixed(1)} ms, first ${first.toFixed(1)} ms`
      );
      const kind = which ?? answer;
      if (high > (slowest.get(kind)?.[1] ?? 0)) {
        slowest.set(kind, [answer, high]);
      }
    }
    const measures = [
      ['one', 'Slowest answer for a notebook, p95', 50],
      ['all', 'Slowest answer for all notebooks, p95', 200],
      ['changes', 'Whether anything is new, p95', 2]
    ] as const;
    for (const [kind, measure, bar] of measures) {
      const [answer, value] = slowest.get(kind)!;
      record({
        measure,
        value,
        unit: 'ms',
        atMost: bar,
        note: `${answer}; ${events} events, 200 more a second`
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
