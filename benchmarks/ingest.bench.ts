// What the collector takes in a second on one core, beside what SQLite itself takes.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '../ui-tests/support/fixtures';
import { median, ratios, record, spread } from './support/figures';
import { serverFor } from './support/servers';

interface IRates {
  readonly route: number[];
  /** All rows in one transaction. */
  readonly sqlite: number[];
  /** A transaction for each batch, as the collector has. */
  readonly batches: number[];
  /** Batches of 50 with their facts and aggregates, each waiting for the disk. */
  readonly facts: number[];
  /** The same without facts. */
  readonly events: number[];
}

test('ingest', async ({ startServer }) => {
  const server = await startServer(await serverFor('ours'));
  const folder = join(server.root, '..');
  // jpserver-<pid>.json
  const names = await readdir(join(folder, 'runtime'));
  const pid = /jpserver-(\d+)/.exec(names.join(' '))![1];
  const { stdout } = await promisify(execFile)(
    join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'),
    [
      join(__dirname, 'ingest.py'),
      `${server.baseUrl}ipynb-telemetry/batch/`,
      server.token,
      pid,
      join(folder, 'plain.sqlite3')
    ]
  );
  const rates = JSON.parse(stdout) as IRates;
  const rows = (values: number[]): string =>
    `${median(values).toFixed(0)} rows/s`;
  for (const [name, others, bar] of [
    ['executemany', rates.sqlite, 50],
    ['executemany batch by batch', rates.batches, undefined]
  ] as const) {
    const shares = ratios(rates.route, others).map(share => share * 100);
    record({
      measure: `Collector ingest, of ${name}`,
      value: median(shares),
      unit: '%',
      atLeast: bar,
      note: `${rows(rates.route)}, of ${rows(others)}; ${spread(shares, 0)}`
    });
  }
  const shares = ratios(rates.facts, rates.events).map(share => share * 100);
  record({
    measure: 'Stored with facts and aggregates, batches of 50',
    value: median(rates.facts),
    unit: 'rows/s',
    atLeast: 3000,
    note: `${median(shares).toFixed(0)} % of ${rows(rates.events)} without; ${spread(shares, 0)}`
  });
});
