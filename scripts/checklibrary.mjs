// The npm package, packed and installed in an empty folder, whose delivery a plain Node program uses.
import {
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

/** Packs and tries the npm package; returns the counts of the checks that passed and failed. */
export function checkLibrary() {
  const folder = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-npm-'));
  const packages = join(folder, 'node_modules');
  const count = { passed: 0, failed: 0 };
  try {
    mkdirSync(packages);
    shell.run('npm', ['pack', '--silent', '--pack-destination', folder]);
    const archive = readdirSync(folder).find(name => name.endsWith('.tgz'));
    shell.run('tar', ['-xzf', join(folder, archive), '-C', folder]);
    cpSync(join(folder, 'package'), join(packages, 'ipynb-telemetry'), {
      recursive: true
    });
    // The only package that the delivery needs outside a page.
    cpSync(join(shell.ROOT, 'node_modules', 'idb'), join(packages, 'idb'), {
      recursive: true
    });
    const loads = {
      import: "await import('ipynb-telemetry/lib/delivery')",
      require:
        "(await import('node:module')).createRequire(import.meta.url)('ipynb-telemetry/lib/delivery')"
    };
    for (const [name, load] of Object.entries(loads)) {
      const program = join(folder, `${name}.mjs`);
      writeFileSync(program, PROGRAM.replace('LOAD', load));
      const said = shell.run(process.execPath, [program]).trim();
      count[said === WANTED ? 'passed' : 'failed'] += 1;
      console.log(
        said === WANTED
          ? `passed: Node delivers after ${name}`
          : `FAILED: Node delivers after ${name}:\n${said}`
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return count;
}

if (process.argv[1] === import.meta.filename) {
  environment.nodePackages();
  environment.buildExtension();
  process.exitCode = checkLibrary().failed ? 1 : 0;
}
