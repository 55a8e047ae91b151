// npm start, with a course of its own: JupyterLab answers at the printed address, and ends when it is told to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyExamples } from './course.mjs';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

const EXAMPLES = ['D1_Python_Tooling.ipynb', 'Rehearse_a_Class.ipynb'];
const REHEARSAL = 'jupyter telemetry simulate D1_Python_Tooling.ipynb';
/** How long npm start may take on a slow machine. */
const PATIENCE_MS = 600_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a server listens at a port. */
async function isTaken(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts, tries and ends npm start; returns the counts of the checks that passed and failed. */
export async function checkStart() {
  const demo = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-start-'));
  const count = { passed: 0, failed: 0 };
  const check = (sentence, holds) => {
    count[holds ? 'passed' : 'failed'] += 1;
    console.log(`${holds ? 'passed' : 'FAILED'}: ${sentence}`);
  };
  checkCourse(join(demo, 'copies'), check);

  const port = await freePort();
  const start = spawn(
    process.execPath,
    ['scripts/start.mjs', '--no-browser', '--port', `${port}`],
    {
      cwd: shell.ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The leader of a group of processes, which can be ended as a whole.
      detached: true,
      // A token that the user has set would not be printed.
      env: { ...process.env, IPYNB_TELEMETRY_DEMO: demo, JUPYTER_TOKEN: '' }
    }
  );
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const ended = once(start, 'close', { signal });
  const end = () => {
    try {
      process.kill(-start.pid, 'SIGKILL');
    } catch {
      // npm start has ended, and its server too.
    }
  };
  const leave = () => {
    end();
    process.exit(1);
  };
  SIGNALS.forEach(name => process.on(name, leave));
  let said = '';
  try {
    const url = await new Promise((resolve, reject) => {
      const listen = data => {
        said += data;
        const [, address] = /JupyterLab runs at (\S+)\n/.exec(said) ?? [];
        if (address) {
          resolve(new URL(address));
        }
      };
      start.stdout.on('data', listen);
      start.stderr.on('data', listen);
      ended.then(() => resolve(null), reject);
    });
    check('npm start prints the address of JupyterLab', url !== null);
    if (url) {
      await checkServer(url, check);
      check('it says how to see a class at work', said.includes(REHEARSAL));
      start.kill('SIGTERM');
      const [status] = await ended;
      check('it ends when it is told to, without an error', status === 0);
      check('its port is free then', !(await isTaken(Number(url.port))));
    }
  } finally {
    end();
    SIGNALS.forEach(name => process.off(name, leave));
    if (count.failed) {
      console.log(said);
    }
    rmSync(demo, { recursive: true, force: true });
  }
  return count;
}

/** The checks of a server that runs. */
async function checkServer(url, check) {
  const ask = path =>
    fetch(new URL(path, url), {
      headers: { Authorization: `token ${url.searchParams.get('token')}` },
      signal: AbortSignal.timeout(PATIENCE_MS)
    });
  const lab = await ask(url);
  const page = await lab.text();
  check('JupyterLab answers there', lab.status === 200);

  const contents = await (await ask('/api/contents')).json();
  for (const example of EXAMPLES) {
    check(
      `the course has ${example}`,
      contents.content.some(({ name }) => name === example)
    );
  }

  const [, config] = /id="jupyter-config-data"[^>]*>([^]*?)<\/script>/.exec(
    page
  );
  const { fullLabextensionsUrl, federated_extensions: extensions } =
    JSON.parse(config);
  const ours = extensions.find(({ name }) => name === 'ipynb-telemetry');
  const script = `${fullLabextensionsUrl}/ipynb-telemetry/${ours?.load}`;
  check(
    'the page loads the labextension, which is there',
    ours !== undefined && (await ask(script)).status === 200
  );

  const events = await ask('/ipynb-telemetry/api/events');
  check(
    'the collector answers, and has no events',
    events.status === 200 && (await events.json()).events.length === 0
  );
}

/** An example that changed reaches the course, but a student's work stays. */
function checkCourse(folder, check) {
  const [examples, course, given] = ['examples', 'course', 'given'].map(name =>
    join(folder, name)
  );
  const write = (where, text) =>
    ['touched', 'untouched'].forEach(name =>
      writeFileSync(join(where, name), text)
    );
  mkdirSync(examples, { recursive: true });
  write(examples, 'old');
  copyExamples(examples, course, given);
  writeFileSync(join(course, 'touched'), 'work');
  write(examples, 'new');
  copyExamples(examples, course, given);
  const [touched, untouched] = ['touched', 'untouched'].map(name =>
    readFileSync(join(course, name), 'utf8')
  );
  check(
    'a changed example is copied again, unless the student worked on the copy',
    touched === 'work' && untouched === 'new'
  );
}

if (process.argv[1] === import.meta.filename) {
  environment.nodePackages();
  const venv = environment.virtualEnvironment('.venv', 'requirements-dev.txt');
  environment.installExtension(venv);
  process.exitCode = (await checkStart()).failed ? 1 : 0;
}
