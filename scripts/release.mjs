// npm run release:build: the files of a release in dist/, each checked. Nothing is published.
// With --tag v0.1.0 the version has to be that of the tag.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as environment from './environment.mjs';
import * as shell from './shell.mjs';

const DIST = join(shell.ROOT, 'dist');
const { version } = JSON.parse(
  readFileSync(join(shell.ROOT, 'package.json'), 'utf8')
);

/** What has to be true of a tree before it is released. */
function checkTree(python, tag) {
  if (tag !== undefined && tag !== `v${version}`) {
    throw new shell.Trouble(
      `The tag ${tag} is not of version ${version}, which package.json names.`
    );
  }
  const changes = readFileSync(join(shell.ROOT, 'CHANGELOG.md'), 'utf8');
  if (!changes.includes(`\n## ${version}\n`)) {
    throw new shell.Trouble(`CHANGELOG.md says nothing of ${version}.`);
  }
  // Students check the digest in the docs against the file of the release.
  shell.run(python, ['scripts/bootstrap.py', '--check']);
}

/** The wheel and the sdist, made in an environment of their own as pip would make them. */
function pythonFiles(python) {
  const time = shell.run('git', ['log', '-1', '--format=%ct']);
  // With the commit's time in it, the same commit gives the same file.
  const env = { SOURCE_DATE_EPOCH: time };
  shell.run(python, ['-m', 'build', '--outdir', DIST], env);
  const files = readdirSync(DIST).map(name => join(DIST, name));
  shell.run(python, ['-m', 'twine', 'check', '--strict', ...files]);
}

/** What the npm package brings along, in CycloneDX's form. */
function npmBill() {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
  const bill = shell.run('npm', [...args, '--package-lock-only']);
  writeFileSync(join(DIST, `ipynb-telemetry-${version}.npm.cdx.json`), bill);
}

/** What an installed wheel brings along, in CycloneDX's form. */
function pythonBill(python) {
  const temporary = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-release-'));
  try {
    shell.run(python, ['-m', 'venv', temporary]);
    const installed = shell.venvBin(temporary, 'python');
    // By name, not by path: the bill would name the folder on this machine.
    const install = ['-m', 'pip', 'install', '-q', '--find-links', DIST];
    shell.run(installed, [...install, `ipynb-telemetry==${version}`]);
    const bill = join(DIST, `ipynb-telemetry-${version}.pypi.cdx.json`);
    const args = ['environment', '--output-file', bill, installed];
    shell.run(python, ['-m', 'cyclonedx_py', ...args]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The digests of all files, for `sha256sum --check`. */
function digests() {
  const lines = readdirSync(DIST).map(name => {
    const content = readFileSync(join(DIST, name));
    return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(DIST, 'SHA256SUMS'), lines.join(''));
}

function main() {
  const { values } = parseArgs({ options: { tag: { type: 'string' } } });
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST);
  environment.nodePackages();
  const venv = environment.virtualEnvironment(
    '.venv-release',
    'requirements-release.txt'
  );
  const python = shell.venvBin(venv, 'python');
  checkTree(python, values.tag);
  environment.buildExtension();
  pythonFiles(python);
  shell.run('npm', ['pack', '--pack-destination', DIST]);
  const bootstrap = join(shell.ROOT, 'ipynb_telemetry', 'bootstrap.py');
  copyFileSync(bootstrap, join(DIST, 'bootstrap.py'));
  npmBill();
  pythonBill(python);
  digests();
  console.log(readFileSync(join(DIST, 'SHA256SUMS'), 'utf8'));
}

try {
  main();
} catch (error) {
  if (!(error instanceof shell.Trouble)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
