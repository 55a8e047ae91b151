// The npm package, packed and installed in an empty folder, whose delivery plain Node programs use.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

/** Captures an event, sends it to a server of its own, and prints what arrived there. */
const PROGRAM = `
const { createServer } = await import('node:http');
const { DeliveryClient } = LOAD;
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { api_key, batch } = JSON.parse(Buffer.concat(chunks));
  console.log(request.url, api_key, batch.map(({ event }) => event).join());
  response.end('{"status":1}');
});
server.listen(0, '127.0.0.1', async () => {
  const host = \`http://127.0.0.1:\${server.address().port}\`;
  const client = new DeliveryClient({ host, key: 'phc_key' });
  await client.capture({ event: 'quiz_graded', distinct_id: 'JOHN_DOE' });
  console.log(await client.pending());
  await client.flush();
  console.log(await client.pending());
  await client.close();
  server.close();
});
`;
const WANTED = '1\n/batch/ phc_key quiz_graded\n0';

/** How programs load the delivery. */
const LOADS = {
  import: "await import('ipynb-telemetry/lib/delivery')",
  require:
    "(await import('node:module')).createRequire(import.meta.url)('ipynb-telemetry/lib/delivery')"
};

/** Packs the package and installs it in a folder, with the only package its delivery needs. */
function install(folder) {
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  shell.run('npm', ['pack', '--silent', '--pack-destination', folder]);
  const archive = readdirSync(folder).find(name => name.endsWith('.tgz'));
  shell.run('tar', ['-xzf', join(folder, archive), '-C', folder]);
  for (const [name, from] of [
    ['ipynb-telemetry', join(folder, 'package')],
    ['idb', join(shell.ROOT, 'node_modules', 'idb')]
  ]) {
    cpSync(from, join(packages, name), { recursive: true });
  }
}

/**
 * Runs a program in Node, which is not to guess what a file without a module type is. Returns all
 * that the program prints, warnings included.
 */
function node(program) {
  const args = ['--no-experimental-detect-module', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8'
  });
  return `${stdout}${stderr}`.trim();
}

/** Packs and tries the npm package; returns the counts of the checks that passed and failed. */
export function checkLibrary() {
  const folder = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-npm-'));
  const lines = [];
  try {
    install(folder);
    for (const [name, load] of Object.entries(LOADS)) {
      const program = join(folder, `${name}.mjs`);
      writeFileSync(program, PROGRAM.replace('LOAD', load));
      const said = node(program);
      lines.push(
        said === WANTED
          ? `passed: Node delivers after ${name}`
          : `FAILED: Node delivers after ${name}:\n${said}`
      );
    }
    for (const name of ['sdkstage.mjs', 'sdkcontract.mjs']) {
      copyFileSync(join(shell.ROOT, 'scripts', name), join(folder, name));
    }
    lines.push(...node(join(folder, 'sdkcontract.mjs')).split(/\n(?=\S)/));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(lines.join('\n'));
  const passed = lines.filter(line => line.startsWith('passed: ')).length;
  // A line of any other kind is a case that failed, or the program itself.
  return { passed, failed: lines.length - passed };
}

if (process.argv[1] === import.meta.filename) {
  environment.nodePackages();
  environment.buildExtension();
  process.exitCode = checkLibrary().failed ? 1 : 0;
}
