// What a cell takes longer in a kernel that reports by itself, with PostHog there and with none.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@playwright/test';
import { median, record, spread } from './support/figures';

/** Milliseconds of a cell, round by round. */
interface ITimes {
  readonly wall: number[];
  /** Processor time of the thread that runs cells. */
  readonly main: number[];
}

test('kerneldirect', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-kernel-'));
  const { stdout } = await promisify(execFile)(
    join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'),
    [join(__dirname, 'kernel.py'), folder]
  );
  await rm(folder, { recursive: true, force: true });
  const times = JSON.parse(stdout) as Record<'bare' | 'live' | 'dead', ITimes>;
  for (const [name, taken] of [
    ['PostHog there', times.live],
    ['a dead network', times.dead]
  ] as const) {
    for (const clock of ['main', 'wall'] as const) {
      const added = taken[clock].map(
        (time, round) => time - times.bare[clock][round]
      );
      const kind = clock === 'main' ? 'kernel thread' : 'by the clock';
      record({
        measure: `Added to a cell that the kernel reports, ${name}, ${kind}`,
        value: median(added),
        unit: 'ms',
        atMost: 0.5,
        note: `${median(taken[clock]).toFixed(2)} ms, of ${median(times.bare[clock]).toFixed(2)} ms; ${spread(added)}`
      });
    }
  }
});
