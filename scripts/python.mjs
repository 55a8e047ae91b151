// Runs a Python script: with the Python of .venv or, as long as that is not made, one of the machine.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from './environment.mjs';
import { attempt, ROOT, venvBin } from './shell.mjs';

const own = venvBin(join(ROOT, '.venv'), 'python');
const { python, env } = existsSync(own) ? { python: own } : findPython();
process.exitCode = attempt(python, process.argv.slice(2), { env }) ?? 1;
