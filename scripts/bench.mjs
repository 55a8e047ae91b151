// npm run bench: all measures, or only those named (npm run bench -- bytes drain).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { browser } from './browser.mjs';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

const NAIVE = 'benchmarks/naive';

/** The naive extension, built as ours is. */
function buildNaive() {
  shell.once(
    join(shell.CACHE, 'naive'),
    [
      `${NAIVE}/index.js`,
      `${NAIVE}/package.json`,
      'scripts/labextension.mjs',
      'package-lock.json'
    ],
    'Building the naive extension ...',
    () => shell.run(process.execPath, ['scripts/labextension.mjs', NAIVE])
  );
}

async function main(named) {
  const measures = readdirSync(join(shell.ROOT, 'benchmarks'))
    .filter(name => name.endsWith('.bench.ts'))
    .map(name => name.replace('.bench.ts', ''));
  const unknown = named.filter(name => !measures.includes(name));
  if (unknown.length) {
    throw new shell.Trouble(
      `There is no measure ${unknown.join(', ')}; there are ${measures.join(', ')}.`
    );
  }
  environment.nodePackages();
  const venv = environment.virtualEnvironment('.venv', 'requirements-dev.txt');
  environment.installPackage(venv);
  environment.installExtension(venv);
  buildNaive();
  return shell.attempt(
    shell.nodeBin('playwright'),
    [
      'test',
      '--config',
      'benchmarks',
      ...named.map(name => `/${name}\\.bench\\.ts`)
    ],
    {
      env: {
        IPYNB_TELEMETRY_BROWSER: await browser(),
        IPYNB_TELEMETRY_VENV: venv
      }
    }
  );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof shell.Trouble)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
