// How the scripts run programs. Only Node itself is imported: node_modules may not exist yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

export const ROOT = dirname(import.meta.dirname);
export const CACHE = join(ROOT, 'node_modules', '.cache', 'ipynb-telemetry');

const WINDOWS = process.platform === 'win32';

/** Something the machine lacks or a step that broke, in a sentence for the person who typed the command. */
export class Trouble extends Error {}

/** Runs a command in the repository and returns its exit status; null when it cannot be started. */
export function attempt(command, args, options = {}) {
  const { env, ...rest } = options;
  return spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: WINDOWS,
    ...rest,
    env: { ...process.env, ...env }
  }).status;
}

/** Runs a command whose output matters only when it fails; returns that output. */
export function run(command, args, env = {}, cwd = ROOT) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: WINDOWS,
    env: { ...process.env, ...env }
  });
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim();
  if (status !== 0) {
    const line = [command, ...args].join(' ');
    throw new Trouble(
      `${said || (error?.message ?? '')}\nThis failed: ${line}`
    );
  }
  return said;
}

/** A tool of node_modules. */
export function nodeBin(name) {
  return join(ROOT, 'node_modules', '.bin', WINDOWS ? `${name}.cmd` : name);
}

/** A program of a virtual environment. */
export function venvBin(venv, name) {
  return join(venv, WINDOWS ? 'Scripts' : 'bin', name);
}

/** The first of some programs that is on PATH. */
export function which(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap(name => folders.map(folder => join(folder, name)))
    .find(path => existsSync(path));
}

/** Installs a Debian package where that needs no questions; says whether it did. */
export function aptInstall(name) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return false;
  }
  console.log(`Installing ${name} with apt-get ...`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], env);
  run('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], env);
  return true;
}

function files(path) {
  const full = resolve(ROOT, path);
  if (
    !existsSync(full) ||
    ['__tests__', '__pycache__'].includes(path.split('/').at(-1))
  ) {
    return [];
  }
  return statSync(full).isDirectory()
    ? readdirSync(full)
        .sort()
        .flatMap(name => files(`${path}/${name}`))
    : [path];
}

/** Does the work unless it was done before with the same inputs: files, folders, or words. */
export function once(stamp, inputs, sentence, work) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    hash.update(input);
    files(input).forEach(path =>
      hash.update(path).update(readFileSync(resolve(ROOT, path)))
    );
  }
  const digest = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
    return;
  }
  console.log(sentence);
  rmSync(stamp, { force: true });
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}
