// Makes all that the commands need on a fresh machine, once, and again only when the inputs change.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  aptInstall,
  attempt,
  CACHE,
  once,
  ROOT,
  run,
  Trouble,
  venvBin
} from './shell.mjs';

const LABEXTENSION = join(ROOT, 'ipynb_telemetry', 'labextension');
const PYTHONS = ['3.13', '3.12', '3.11', '3.10', '3', ''];
const PROBE = `
import sqlite3, ssl, sys
assert sys.version_info >= (3, 10)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(3)
`;

/** node_modules as package-lock.json describes it. */
export function nodePackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19) || major === 21) {
    throw new Trouble(
      `Node ${process.versions.node} is too old: 20.19 or newer is needed (and not 21).`
    );
  }
  const packages = path =>
    JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  const wanted = Object.entries(packages('package-lock.json')).filter(
    ([path, entry]) => path && !entry.optional
  );
  const lock = 'node_modules/.package-lock.json';
  const installed = existsSync(join(ROOT, lock)) ? packages(lock) : {};
  if (
    wanted.every(([path, { version }]) => installed[path]?.version === version)
  ) {
    return;
  }
  console.log('Installing the npm packages ...');
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

/** Exit status of the probe: 0 for a Python that will do, 3 for one that lacks only venv. */
function probe({ python, env }) {
  return attempt(python, ['-c', PROBE], { stdio: 'ignore', shell: false, env });
}

/** The first Python that will do, with the environment it runs in. */
export function findPython(versions = PYTHONS) {
  // Version switchers put names on PATH that only print an error: a Python is one that runs.
  // pyenv's run once their version is chosen, which may be any it has.
  const candidates = versions.flatMap(version =>
    [{}, { PYENV_VERSION: version }].map(env => ({
      python: `python${version}`,
      env
    }))
  );
  let bare;
  for (const candidate of candidates) {
    const status = probe(candidate);
    if (status === 0) {
      return candidate;
    }
    bare ??= status === 3 ? candidate : undefined;
  }
  if (!bare) {
    throw new Trouble(
      'Python 3.10 or newer is needed, and none was found on PATH.'
    );
  }
  if (!aptInstall('python3-venv') || probe(bare) !== 0) {
    throw new Trouble(
      `${bare.python} has no venv module. On Debian or Ubuntu: apt-get install python3-venv`
    );
  }
  return bare;
}

/** A virtual environment with the packages a requirements file pins; `options` are pip's. */
export function virtualEnvironment(
  name,
  requirements,
  versions = PYTHONS,
  options = []
) {
  const venv = join(ROOT, name);
  const python = venvBin(venv, 'python');
  // Also false when the Python it was made with has gone.
  if (
    attempt(python, ['-m', 'pip', '--version'], {
      stdio: 'ignore',
      shell: false
    }) !== 0
  ) {
    const { python: base, env } = findPython(versions);
    console.log(`Making a virtual environment in ${name} ...`);
    rmSync(venv, { recursive: true, force: true });
    run(base, ['-m', 'venv', venv], env);
  }
  once(
    join(venv, '.requirements'),
    [requirements],
    `Installing the Python packages of ${requirements} in ${name} ...`,
    () =>
      run(python, [
        ...['-m', 'pip', 'install', '-q', ...options],
        ...['-r', requirements]
      ])
  );
  return venv;
}

/**
 * Packages for some tests alone, in a folder of the environment that only they look into:
 * what these packages depend on would add extensions to the JupyterLab that is tested.
 */
function installBeside(venv, name, requirements, more = () => {}) {
  once(
    join(venv, `.${name}`),
    [requirements, join(venv, '.requirements')],
    `Installing the Python packages of ${requirements} beside ${venv} ...`,
    () => {
      const target = join(venv, name);
      rmSync(target, { recursive: true, force: true });
      const pip = (command, ...args) =>
        run(venvBin(venv, 'python'), [
          '-m',
          'pip',
          command,
          '-q',
          '--no-deps',
          ...args
        ]);
      pip('install', '--target', target, '-r', requirements);
      more(target, pip);
    }
  );
}

/** Otter-Grader for its tests. */
export function installOtter(venv) {
  installBeside(venv, 'otter', 'requirements-otter.txt');
}

/** Jupytext, with its extensions of server and JupyterLab. */
export function installJupytext(venv) {
  installBeside(venv, 'jupytext', 'requirements-jupytext.txt');
}

/** The notebooks of two courses, and what their cells import. */
export function installCourses(venv) {
  installOtter(venv); // its numpy and pandas are theirs, too
  const requirements = 'requirements-courses.txt';
  installBeside(venv, 'courses', requirements, (target, pip) => {
    // The notebooks of fluids are in its source archive only.
    const fluids = readFileSync(join(ROOT, requirements), 'utf8').match(
      /^fluids==.*$/m
    )[0];
    const archive = ['--no-binary', ':all:', '--dest', target, fluids];
    pip('download', ...archive);
    const name = `${fluids.replace('==', '-')}.tar.gz`;
    run('tar', ['-xzf', join(target, name), '-C', target]);
    rmSync(join(target, name));
  });
}

/** The extension, built as it is shipped. */
export function buildExtension() {
  const stamp = join(CACHE, 'build');
  if (
    !existsSync(join(LABEXTENSION, 'package.json')) ||
    !existsSync(join(ROOT, 'ipynb_telemetry', 'classpage', 'page.js'))
  ) {
    rmSync(stamp, { force: true });
  }
  once(
    stamp,
    [
      'src',
      'style',
      'schema',
      'scripts/classpage.mjs',
      'scripts/labextension.mjs',
      'scripts/moduletype.mjs',
      'scripts/packed.cjs',
      'scripts/packedchunks.cjs',
      'scripts/secluded.cjs',
      'ipynb_telemetry/bootstrap.min.py',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'webpack.config.js'
    ],
    'Building the extension ...',
    () => run('npm', ['run', 'build:prod'])
  );
}

/** The Python package in a virtual environment, editable, with its server extension enabled. */
export function installPackage(venv) {
  once(
    join(venv, '.package'),
    [
      'pyproject.toml',
      'package.json',
      'jupyter-config',
      join(venv, '.requirements')
    ],
    `Installing the Python package in ${venv} ...`,
    () =>
      run(
        venvBin(venv, 'python'),
        [
          '-m',
          'pip',
          'install',
          '-q',
          '--no-deps',
          '--no-build-isolation',
          '-e',
          '.'
        ],
        { HATCH_JUPYTER_BUILDER_SKIP_NPM: '1' }
      )
  );
}

/** The extension, built, where the JupyterLab of a virtual environment looks for it. */
export function installExtension(venv) {
  buildExtension();
  once(
    join(venv, '.extension'),
    [LABEXTENSION],
    `Copying the extension to ${venv} ...`,
    () => {
      // A link would do for some servers only: Tornado serves no files behind one.
      const target = join(
        venv,
        'share',
        'jupyter',
        'labextensions',
        'ipynb-telemetry'
      );
      rmSync(target, { recursive: true, force: true });
      cpSync(LABEXTENSION, target, { recursive: true });
    }
  );
}
