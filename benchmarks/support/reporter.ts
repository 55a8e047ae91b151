import type {
  FullResult,
  Reporter,
  TestCase,
  TestResult
} from '@playwright/test/reporter';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { FIGURE, type IFigure } from './figures';

const ROOT = resolve(__dirname, '..', '..');
const RESULTS = join(ROOT, 'benchmarks', 'results');

/** Python packages that have a part in what is measured. */
const PACKAGES = ['jupyterlab', 'jupyter_server', 'ipykernel'];

/** Prints the figures as one table and keeps them in `results/`. */
export default class FigureReporter implements Reporter {
  printsToStdio(): boolean {
    return true;
  }

  onTestBegin(test: TestCase): void {
    process.stdout.write(`${test.title} ...\n`);
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onError(error: { message?: string; stack?: string }): void {
    process.stderr.write(`${error.stack ?? error.message}\n`);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const figures = result.annotations
      .filter(({ type }) => type === FIGURE)
      .map(({ description }) => JSON.parse(description!) as IFigure);
    this._figures.push(...figures);
    for (const { stack, message } of result.errors) {
      process.stderr.write(`${stack ?? message}\n`);
    }
    if (result.errors.length > 0) {
      this._broken.push(test.title);
    }
    process.stdout.write(table(figures));
  }

  onEnd(_: FullResult): void {
    if (this._figures.length === 0) {
      return;
    }
    const date = new Date().toISOString().slice(0, 16);
    const versions = readVersions();
    mkdirSync(RESULTS, { recursive: true });
    const name = `${date.replace(':', '')}-${versions.extension}.json`;
    writeFileSync(
      join(RESULTS, name),
      `${JSON.stringify(
        {
          date,
          cores: availableParallelism(),
          versions,
          broken: this._broken,
          figures: this._figures.map(figure => ({
            ...figure,
            reached: reached(figure)
          }))
        },
        null,
        2
      )}\n`
    );
    process.stdout.write(
      `\n${table(this._figures)}\nThese figures are in benchmarks/results/${name}.\n`
    );
  }

  private readonly _figures: IFigure[] = [];
  private readonly _broken: string[] = [];
}

/** @returns null for a figure that only explains another */
function reached({ value, atMost, atLeast }: IFigure): boolean | null {
  if (atMost === undefined && atLeast === undefined) {
    return null;
  }
  return value <= (atMost ?? Infinity) && value >= (atLeast ?? -Infinity);
}

function table(figures: ReadonlyArray<IFigure>): string {
  const rows = figures.map(figure => {
    const { measure, value, unit, atMost, atLeast, note = '' } = figure;
    const bar = atMost ?? atLeast;
    const isReached = reached(figure);
    return [
      measure,
      `${show(value)} ${unit}`,
      bar === undefined
        ? ''
        : `${atMost === undefined ? '>=' : '<='} ${show(bar)} ${unit}`,
      isReached === null ? '' : isReached ? 'yes' : `no, by ${miss(figure)}`,
      note
    ];
  });
  const all = [['Measure', 'Figure', 'Must reach', 'Reached', 'Note'], ...rows];
  const widths = all[0].map((_, column) =>
    Math.max(...all.map(row => row[column].length))
  );
  return all
    .map(row => row.map((text, i) => text.padEnd(widths[i])).join('  '))
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}

function miss({ value, atMost, atLeast }: IFigure): string {
  const bar = (atMost ?? atLeast)!;
  return bar === 0
    ? show(value)
    : `${Math.ceil(Math.abs(value / bar - 1) * 100)} %`;
}

function show(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

function readVersions(): Record<string, string> {
  const { version } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8')
  ) as { version: string };
  const asked = `
import importlib.metadata as m, json, platform, sqlite3
print(json.dumps({
    "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
    **{name: m.version(name) for name in ${JSON.stringify(PACKAGES)}},
}))`;
  return {
    extension: version,
    node: process.versions.node,
    chromium: say(process.env.IPYNB_TELEMETRY_BROWSER!, '--version').replace(
      /^\D*([\d.]+).*$/s,
      '$1'
    ),
    ...(JSON.parse(
      say(join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'), '-c', asked)
    ) as Record<string, string>)
  };
}

function say(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore']
  });
}
