// npm start: JupyterLab with the extension and a copy of examples/. Arguments go to jupyter lab.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import { copyExamples } from './course.mjs';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

// The test has a course of its own.
const DEMO = process.env.IPYNB_TELEMETRY_DEMO ?? join(shell.ROOT, '.demo');
const COURSE = join(DEMO, 'course');

function prepare() {
  environment.nodePackages();
  const venv = environment.virtualEnvironment('.venv', 'requirements-dev.txt');
  environment.installPackage(venv);
  environment.installExtension(venv);
  // Students save what they do: in a copy, which later starts keep, not in the repository's files.
  copyExamples(join(shell.ROOT, 'examples'), COURSE, join(DEMO, 'given'));
  return venv;
}

function serve(venv) {
  const root = process.getuid?.() === 0 ? ['--allow-root'] : [];
  // -y: Ctrl+C ends the server without asking.
  const server = spawn(
    shell.venvBin(venv, 'jupyter-lab'),
    ['-y', `--ServerApp.root_dir=${COURSE}`, ...root, ...process.argv.slice(2)],
    {
      cwd: COURSE,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Events, settings and names of the demo stay with the demo.
      env: {
        ...process.env,
        PATH: shell.venvBin(venv, '') + delimiter + process.env.PATH,
        JUPYTER_CONFIG_DIR: join(DEMO, 'config'),
        JUPYTER_DATA_DIR: join(DEMO, 'data')
      }
    }
  );
  const log = createWriteStream(join(DEMO, 'jupyter.log'));
  let said = '';
  let url;
  const listen = data => {
    log.write(data);
    if (url) {
      return;
    }
    said += data;
    url = /https?:\/\/\S+\/lab\S*(?=\s)/.exec(said)?.[0];
    if (url) {
      console.log(`JupyterLab runs at ${url}`);
      console.log(
        'Its course is a copy of examples/, in .demo; delete that to start afresh.'
      );
      console.log(
        'To see a class at work, open Rehearse_a_Class.ipynb, or run in a terminal of JupyterLab: ' +
          'jupyter telemetry simulate D1_Python_Tooling.ipynb'
      );
      console.log('Press Ctrl+C to end.');
    }
  };
  server.stdout.on('data', listen);
  server.stderr.on('data', listen);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => server.kill('SIGTERM'));
  }
  server.on('error', error =>
    console.error(`JupyterLab does not start: ${error.message}`)
  );
  server.on('close', status => {
    if (!url) {
      console.error(`JupyterLab did not start. Its last words were:\n${said}`);
    }
    process.exitCode = url && !status ? 0 : 1;
  });
}

try {
  serve(prepare());
} catch (error) {
  if (!(error instanceof shell.Trouble)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
