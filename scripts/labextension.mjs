// Builds ipynb_telemetry/labextension out of lib/, or the extension in a folder that is named.
// Options go to the builder (--development, --watch).
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);
const ROOT = dirname(import.meta.dirname);
const CORE = `${ROOT}/node_modules/.cache/ipynb-telemetry/core.package.json`;

// The builder takes the versions we need of JupyterLab's shared packages from the newest JupyterLab,
// and older ones then complain in the browser's console. The versions that we need are in package.json.
const core = require('@jupyterlab/core-meta/core.package.json');
const { dependencies } = require('../package.json');
for (const name of Object.keys(core.resolutions)) {
  core.resolutions[name] = dependencies[name] ?? core.resolutions[name];
}
mkdirSync(dirname(CORE), { recursive: true });
writeFileSync(CORE, JSON.stringify(core));

const args = process.argv.slice(2);
const folder = args.find(arg => !arg.startsWith('-')) ?? ROOT;
const options = args.filter(arg => arg.startsWith('-'));
const builder = require.resolve('@jupyter/builder/lib/build-labextension.js');
const { status } = spawnSync(
  process.execPath,
  [builder, '--core-package-file', CORE, ...options, folder],
  { stdio: 'inherit' }
);
process.exit(status ?? 1);
