// The wheel, built, installed in an empty environment without Node, and found there by Jupyter.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

const { version } = JSON.parse(
  readFileSync(join(shell.ROOT, 'package.json'), 'utf8')
);
const LABEXTENSION = `ipynb_telemetry-${version}.data/data/share/jupyter/labextensions/ipynb-telemetry`;

const CATALOGUE = 'ipynb_telemetry.json';
const WORDS = `
from jupyterlab_server.translation_utils import get_installed_packages_locale
data, message = get_installed_packages_locale("de_DE")
print(message or data["ipynb_telemetry"]["Go on"])
`;
const PRINT =
  'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
const COLOURS = /\x1b\[\d*m/g;

/** Builds and tries the wheel; returns the counts of the checks that passed and failed. */
export function checkWheel(venv) {
  const python = shell.venvBin(venv, 'python');
  const temporary = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-wheel-'));
  const empty = join(temporary, 'venv');
  // Only the environment's own programs are on PATH, so no Node; no user's Jupyter is looked at.
  const alone = bin => ({
    PATH: shell.venvBin(bin, ''),
    JUPYTER_CONFIG_DIR: join(temporary, 'config'),
    JUPYTER_DATA_DIR: join(temporary, 'data')
  });
  const count = { passed: 0, failed: 0 };
  const check = (sentence, holds) => {
    count[holds ? 'passed' : 'failed'] += 1;
    console.log(`${holds ? 'passed' : 'FAILED'}: ${sentence}`);
  };
  try {
    const dist = join(temporary, 'dist');
    // The labextension is built, so that neither the sdist nor the wheel made from it needs Node.
    const build = ['-m', 'build', '--no-isolation', '--outdir', dist];
    shell.run(python, build, alone(venv));
    const wheel = join(
      dist,
      readdirSync(dist).find(name => name.endsWith('.whl')) ?? ''
    );
    check(
      'python -m build makes a wheel of our version',
      wheel.includes(`-${version}-py3-`)
    );

    const listing = shell.run(python, ['-m', 'zipfile', '-l', wheel]);
    const content = listing.split('\n').map(line => line.split(' ')[0]);
    const has = name => content.some(path => path.startsWith(name));
    check(
      'it holds the labextension, its install.json and the server configuration',
      [
        `${LABEXTENSION}/package.json`,
        `${LABEXTENSION}/static/remoteEntry.`
      ].every(has) &&
        has(`${LABEXTENSION}/install.json`) &&
        content.some(path =>
          path.endsWith('/jupyter_server_config.d/ipynb_telemetry.json')
        )
    );
    check(
      'it holds the page of the class view',
      has('ipynb_telemetry/classpage/page.js')
    );
    check('it says that it is typed', has('ipynb_telemetry/py.typed'));
    check('it knows the events', has('ipynb_telemetry/events.json'));
    check(
      'it holds the interface in other languages, and not what that is made of',
      ['ar_SA', 'de_DE', 'es_ES', 'fr_FR'].every(language =>
        has(`ipynb_telemetry/locale/${language}/LC_MESSAGES/${CATALOGUE}`)
      ) && !content.some(path => path.endsWith('.po'))
    );
    const tiles = 'ipynb_telemetry/posthogapi/tiles';
    check(
      'it holds the tiles of the PostHog dashboard',
      ['dashboard.json', 'needs.json', 'needs.sql', 'parts/told.sql'].every(
        name => has(`${tiles}/${name}`)
      )
    );
    check(
      'it holds no tests and no second copy of the labextension',
      !has('ipynb_telemetry/tests') && !has('ipynb_telemetry/labextension')
    );

    const metadata = `ipynb_telemetry-${version}.dist-info/METADATA`;
    const page = shell.run(python, ['-c', PRINT, wheel, metadata]);
    const links = [...page.matchAll(/\]\((?!#)([^)]*)\)/g)].map(
      ([, address]) => address
    );
    check(
      'its page on PyPI has the picture, and no link into the repository without an address',
      links.some(link => /^https:.*\/docs\/screenshot\.png$/.test(link)) &&
        links.every(link => link.startsWith('https://'))
    );

    shell.run(python, ['-m', 'venv', empty]);
    const requirements = readFileSync(
      join(shell.ROOT, 'requirements-dev.txt'),
      'utf8'
    );
    const jupyterlab = /^jupyterlab==.*/m.exec(requirements)[0];
    const install = ['-m', 'pip', 'install', '-q', wheel, jupyterlab];
    shell.run(shell.venvBin(empty, 'python'), install, alone(empty));

    const jupyter = shell.venvBin(empty, 'jupyter');
    const help = shell.run(jupyter, ['telemetry', '--help'], alone(empty));
    const verbs = [
      'enable',
      'disable',
      'status',
      'configure',
      'doctor',
      'export'
    ];
    check(
      'jupyter telemetry --help names every verb',
      verbs.every(verb => new RegExp(`\n    ${verb}\\s`).test(help))
    );

    const words = shell.run(
      shell.venvBin(empty, 'python'),
      ['-c', WORDS],
      alone(empty)
    );
    check(
      'JupyterLab finds the German words of the installed package',
      words.includes('Weiter')
    );

    const lists = [
      [
        'jupyter-labextension',
        ['list'],
        `ipynb-telemetry v${version} enabled OK`
      ],
      ['jupyter-server', ['extension', 'list'], `ipynb_telemetry ${version} OK`]
    ];
    for (const [program, args, wanted] of lists) {
      const said = shell
        .run(shell.venvBin(empty, program), args, alone(empty))
        .replace(COLOURS, '');
      const holds = said.includes(wanted);
      check(`${program} ${args.join(' ')} says "${wanted}"`, holds);
      if (!holds) {
        console.log(said);
      }
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return count;
}

if (process.argv[1] === import.meta.filename) {
  environment.nodePackages();
  const venv = environment.virtualEnvironment('.venv', 'requirements-dev.txt');
  environment.buildExtension();
  process.exitCode = checkWheel(venv).failed ? 1 : 0;
}
