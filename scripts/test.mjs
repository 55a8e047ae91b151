// npm test: everything, or only the steps named (npm test -- jest ui). A table at the end tells how each went.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { browser } from './browser.mjs';
import { chdbEnvironment } from './chdb.mjs';
import { checkLibrary } from './checklibrary.mjs';
import { checkStart } from './checkstart.mjs';
import { checkWheel } from './checkwheel.mjs';
import { docsSite } from './docssite.mjs';
import * as environment from './environment.mjs';
import { liteSite } from './litesite.mjs';
import { otherBrowsers } from './otherbrowsers.mjs';
import { rKernel } from './r.mjs';
import * as reports from './reports.mjs';
import * as shell from './shell.mjs';

const OLDEST_PYTHON = ['3.10', '3.11', '3.12'];
const RESULTS = join(shell.CACHE, 'results');

/** A check that passes or fails as a whole. */
function whole(...commands) {
  return () => {
    const failed = commands.filter(
      ([tool, ...args]) => shell.attempt(tool, args) !== 0
    );
    return { passed: failed.length ? 0 : 1, failed: failed.length ? 1 : 0 };
  };
}

/** Runs tests that write a report, and counts what the report says. */
function reported(command, args, env, report, read) {
  rmSync(report, { force: true });
  const status = shell.attempt(command, args, { env });
  let counts = { passed: 0, failed: 0 };
  try {
    counts = read(readFileSync(report, 'utf8'));
  } catch (error) {
    console.error(`${args.join(' ')} left no report: ${error.message}`);
  }
  // A runner that broke down, or ran nothing, is a failure none of its tests tells of.
  const broken = counts.failed === 0 && (status !== 0 || counts.passed === 0);
  return { ...counts, failed: counts.failed + (broken ? 1 : 0) };
}

function jest() {
  const report = join(RESULTS, 'jest.json');
  const args = ['--ci', '--json', `--outputFile=${report}`];
  return reported(shell.nodeBin('jest'), args, {}, report, reports.jest);
}

function pytest(venv) {
  const report = join(RESULTS, 'pytest.xml');
  // Two at once, as with the browser: most of a test is waiting for a process.
  const pair = ['-n', '2', '--dist', 'worksteal'];
  const args = ['-m', 'pytest', '-q', ...pair, `--junitxml=${report}`];
  const python = shell.venvBin(venv, 'python');
  return reported(python, args, {}, report, reports.pytest);
}

/** The dashboard's queries in ClickHouse, against the answers of the class view. */
function chdb(venv) {
  const python = chdbEnvironment();
  if (!python) {
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const report = join(RESULTS, 'chdb.xml');
  const tests = 'ipynb_telemetry/tests/posthogapi/test_parity.py';
  const args = ['-m', 'pytest', '-q', tests, `--junitxml=${report}`];
  const env = { IPYNB_TELEMETRY_CHDB: python };
  return reported(
    shell.venvBin(venv, 'python'),
    args,
    env,
    report,
    reports.pytest
  );
}

async function ui(venv) {
  environment.installExtension(venv);
  environment.installCourses(venv);
  environment.installJupytext(venv);
  liteSite(venv);
  const report = join(RESULTS, 'playwright.json');
  const env = {
    IPYNB_TELEMETRY_BROWSER: await browser(),
    IPYNB_TELEMETRY_VENV: venv,
    IPYNB_TELEMETRY_R: rKernel() ? '1' : '',
    PLAYWRIGHT_JSON_OUTPUT_FILE: report
  };
  const args = ['test', '--config', 'ui-tests', '--reporter', 'list,json'];
  const playwright = shell.nodeBin('playwright');
  return reported(playwright, args, env, report, reports.playwright);
}

/** The stories that are told in Firefox and WebKitGTK alike. */
function browsers(venv, project) {
  if (!otherBrowsers()) {
    return { passed: 0, failed: 0, skipped: 1 };
  }
  environment.installExtension(venv);
  const report = join(RESULTS, `${project}.json`);
  const env = {
    IPYNB_TELEMETRY_VENV: venv,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report
  };
  const args = ['test', '--config', 'ui-tests/browsers', '--project', project];
  return reported(
    shell.nodeBin('playwright'),
    [...args, '--reporter', 'list,json'],
    env,
    report,
    reports.playwright
  );
}

function steps(venv) {
  const node = (name, ...args) => [shell.nodeBin(name), ...args];
  const ruff = (...args) => [shell.venvBin(venv, 'ruff'), ...args];
  return {
    eslint: whole(node('eslint', '--max-warnings', '0', '.')),
    prettier: whole(node('prettier', '--check', '--log-level', 'warn', '.')),
    stylelint: whole(
      node('stylelint', '--max-warnings', '0', 'style/**/*.css')
    ),
    ruff: whole(ruff('check', '-q'), ruff('format', '-q', '--check')),
    mypy: whole([shell.venvBin(venv, 'mypy')]),
    tsc: whole(
      node('tsc', '-p', 'tsconfig.test.json'),
      node('tsc', '-p', 'ui-tests'),
      node('tsc', '-p', 'benchmarks')
    ),
    site: () => {
      const failed = docsSite() !== 0;
      return { passed: failed ? 0 : 1, failed: failed ? 1 : 0 };
    },
    jest,
    pytest: () => {
      environment.installOtter(venv);
      environment.installJupytext(venv);
      return pytest(venv);
    },
    chdb: () => chdb(venv),
    wheel: () => {
      environment.buildExtension();
      return checkWheel(venv);
    },
    library: () => {
      environment.buildExtension();
      return checkLibrary();
    },
    start: () => {
      environment.installExtension(venv);
      return checkStart();
    },
    ui: () => ui(venv),
    browsers: () => browsers(venv, 'firefox'),
    webkit: () => browsers(venv, 'webkit')
  };
}

/** Runs one step; whatever breaks in it is one failure and does not stop the others. */
async function outcome(name, step) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const minutes = () => (performance.now() - start) / 60_000;
  try {
    return { name, ...(await step()), minutes: minutes() };
  } catch (error) {
    console.error(error instanceof shell.Trouble ? error.message : error);
    return { name, passed: 0, failed: 1, minutes: minutes() };
  }
}

async function main(args) {
  const oldest = args.includes('--oldest');
  const available = oldest ? ['pytest', 'ui'] : Object.keys(steps(''));
  const named = args.filter(arg => arg !== '--oldest');
  const unknown = named.filter(name => !available.includes(name));
  if (unknown.length) {
    console.error(
      `There is no step ${unknown.join(', ')}; there are ${available.join(', ')}.`
    );
    return 1;
  }

  let venv;
  const setUp = await outcome('set-up', () => {
    environment.nodePackages();
    venv = oldest
      ? environment.virtualEnvironment(
          '.venv-oldest',
          'requirements-oldest.txt',
          OLDEST_PYTHON
        )
      : environment.virtualEnvironment('.venv', 'requirements-dev.txt');
    environment.installPackage(venv);
    mkdirSync(RESULTS, { recursive: true });
    return { passed: 0, failed: 0 };
  });
  const results = setUp.failed ? [setUp] : [];
  if (!setUp.failed) {
    const all = steps(venv);
    for (const name of named.length ? named : available) {
      results.push(await outcome(name, all[name]));
    }
  }

  // The failures once more: a long log is read from its end.
  for (const { test, message } of results.flatMap(
    ({ failures = [] }) => failures
  )) {
    console.log(`\n== Failed: ${test}\n${message}`);
  }
  console.log('\n== Result');
  for (const { name, passed, failed, skipped, minutes } of results) {
    const rest = skipped ? `, ${skipped} skipped` : '';
    const time = `in ${minutes.toFixed(1)} min`;
    console.log(
      `${name.padEnd(12)}${String(passed).padStart(5)} passed, ${failed} failed${rest} ${time}`
    );
  }
  const total = key => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed`);
  return total('failed') ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
