// The JupyterLite site of the browser tests, with all that it needs from the package registries.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { installExtension, virtualEnvironment } from './environment.mjs';
import { CACHE, ROOT, once, run, venvBin } from './shell.mjs';

const WHEELS = 'requirements-pyodide.txt';
/** Of the npm package, all that runs in a browser. */
const RUNTIME = [
  'pyodide.mjs',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'python_stdlib.zip'
];

/** No test asks PyPI for a package that the site lacks. */
const SETTINGS = {
  'jupyter-lite-schema-version': 0,
  'jupyter-config-data': {
    litePluginSettings: {
      '@jupyterlite/pyodide-kernel-extension:kernel': {
        disablePyPIFallback: true
      }
    }
  }
};

/**
 * A JupyterLite site with the extension and two kernels, for JavaScript and for
 * Python, built by its own tool.
 *
 * @param venv - the virtual environment that builds our wheel
 */
export function liteSite(venv) {
  const builder = virtualEnvironment('.venv-lite', 'requirements-lite.txt');
  installExtension(builder);
  const site = join(CACHE, 'lite');
  const stamp = join(CACHE, 'lite.stamp');
  if (!existsSync(join(site, 'jupyter-lite.json'))) {
    rmSync(stamp, { force: true });
  }
  once(
    stamp,
    [
      'requirements-lite.txt',
      WHEELS,
      'package-lock.json',
      'pyproject.toml',
      'ipynb_telemetry/bootstrap.py',
      'ipynb_telemetry/labextension',
      'scripts/litesite.mjs'
    ],
    'Building a JupyterLite site ...',
    () => {
      // Where it runs it takes notebooks from, and leaves a database of what it
      // did, which would outlive the site.
      const folder = join(CACHE, 'lite-build');
      for (const path of [site, folder]) {
        rmSync(path, { recursive: true, force: true });
      }
      mkdirSync(folder, { recursive: true });
      pythonKernel(folder, venv);
      run(
        venvBin(builder, 'jupyter-lite'),
        [
          ...['build', '--apps', 'lab', '--output-dir', site],
          ...['--no-sourcemaps', '--no-unused-shared-packages']
        ],
        { JUPYTER_PREFER_ENV_PATH: '1' },
        folder
      );
    }
  );
  return site;
}

/**
 * Puts all that the Python kernel loads where the tool looks: Pyodide as npm has
 * it, and wheels as PyPI has them, ours too.
 *
 * Pyodide goes by a lock file with the checksums of its own builds, which are on
 * a CDN. Here the file lists only the package that installs others, with PyPI's checksum.
 */
function pythonKernel(folder, venv) {
  const wheels = join(folder, 'pypi');
  const runtime = join(folder, 'static', 'pyodide');
  const pip = (...args) =>
    run(venvBin(venv, 'python'), ['-m', 'pip', ...args], {
      HATCH_JUPYTER_BUILDER_SKIP_NPM: '1'
    });
  pip(
    ...['download', '-q', '--no-deps', '--dest', wheels, '-r', WHEELS],
    ...['--only-binary', ':all:', '--platform', 'any'],
    ...['--python-version', '3.14', '--implementation', 'py', '--abi', 'none']
  );
  pip(
    ...['wheel', '-q', '--no-deps', '--no-build-isolation'],
    ...['--wheel-dir', wheels, '.']
  );
  const source = join(ROOT, 'node_modules', 'pyodide');
  RUNTIME.forEach(name => cpSync(join(source, name), join(runtime, name)));
  const lock = JSON.parse(
    readFileSync(join(source, 'pyodide-lock.json'), 'utf8')
  );
  const { micropip } = lock.packages;
  const file = readdirSync(wheels).find(name => name.startsWith('micropip-'));
  renameSync(join(wheels, file), join(runtime, file));
  const sha256 = createHash('sha256')
    .update(readFileSync(join(runtime, file)))
    .digest('hex');
  lock.packages = { micropip: { ...micropip, file_name: file, sha256 } };
  writeFileSync(join(runtime, 'pyodide-lock.json'), JSON.stringify(lock));
  writeFileSync(join(folder, 'jupyter-lite.json'), JSON.stringify(SETTINGS));
}
