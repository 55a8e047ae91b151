// The environment of npm test -- chdb: ClickHouse in a process, for which not every system has a wheel.
import { Trouble, venvBin } from './shell.mjs';
import { virtualEnvironment } from './environment.mjs';

const NAME = '.venv-chdb';
const REQUIREMENTS = 'requirements-chdb.txt';
const NO_WHEEL = /no matching distribution/i;

/** Gives the environment's Python, or nothing where there is no wheel, which is said. */
export function chdbEnvironment() {
  try {
    // The packages that chDB names are for data frames, which no test asks for.
    const options = ['--no-deps', '--only-binary', ':all:'];
    const venv = virtualEnvironment(NAME, REQUIREMENTS, undefined, options);
    return venvBin(venv, 'python');
  } catch (error) {
    if (error instanceof Trouble && NO_WHEEL.test(error.message)) {
      const system = `${process.platform} on ${process.arch}`;
      console.log(`Skipped: chDB has no wheel for ${system}.`);
      return undefined;
    }
    throw error;
  }
}
