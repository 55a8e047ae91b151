// What it costs page and kernel to take secrets out of a text, and how many of fakes go.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@playwright/test';
import { survives, tellings } from '../src/__tests__/events/fakesecrets';
import { told } from '../src/__tests__/events/told';
import { forgetSecrets, withoutSecrets } from '../src/events/secrets';
import { MAX_TOLD, toldValues } from '../src/events/toldvalues';
import { median, record, spread, sum } from './support/figures';
import hostileTexts from './support/hostiletexts.json';

const KERNEL = join(__dirname, '..', 'ipynb_telemetry', 'kernel');
const CODE = ['post.py', 'spool.py', 'delivery.py', 'outputs.py', 'text.py'];
const LONG = 200_000;
const ROUNDS = 30;
const LEAST_OF = 5;

/** Values that a kernel's environment may have, each of another length. */
const VALUES = Array.from({ length: MAX_TOLD }, (_, n) =>
  `${n}-zz91k4m8q2w7x5`.repeat(20).slice(0, n + 8)
);

const TOLD = VALUES.map(value => told(value));

/** What was measured of one side; times are milliseconds of processor time. */
interface ISide {
  /** For 10 KB of code, round by round. */
  readonly code: number[];
  /** What costs most, and how much more than half of it. */
  readonly worst: { unit: string; whole: number; ratio: number };
  /** How many fakes go, and of how many. */
  readonly fakes: Record<'code' | 'output', [gone: number, told: number]>;
}

/** Processor time of this process: other programs do not count. */
function cost(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A form again and again, with another number each time where the form has a place for one. */
function hostile(form: string, length: number): string {
  return Array.from({ length: length / form.length + 1 }, (_, n) =>
    form.replace('#', ((n * 7919) % 1000003).toString(16).padStart(6, '0'))
  )
    .join('')
    .slice(0, length);
}

/** @param know - what is told before each time */
function leastCost(text: string, know: () => void): number {
  const times = Array.from({ length: LEAST_OF }, () => {
    forgetSecrets();
    know();
    return cost(() => withoutSecrets(text));
  });
  return Math.min(...times);
}

/** @param know - what is told before each text, which may look like it everywhere */
function worst(know = (_: string): void => undefined): ISide['worst'] {
  const found = [...hostileTexts.again, ...hostileTexts.numbered].map(unit => {
    const [half, whole] = [LONG / 2, LONG].map(length => {
      const text = hostile(unit, length);
      return leastCost(text, () => know(text));
    });
    return { unit, whole, ratio: whole / half };
  });
  return found.reduce((one, other) => (one.whole > other.whole ? one : other));
}

/** As code in the kernel can tell it: places of the text look like a hundred long values. */
function knowAlike(text: string): void {
  const alike = told(text.slice(0, 300));
  toldValues.take(
    VALUES.map((_, n) => ({ ...alike, digest: `${n}`.padStart(64, '0') }))
  );
}

function knowValues(): void {
  toldValues.take(TOLD);
}

async function ordinaryCode(): Promise<string[]> {
  const code = await Promise.all(
    CODE.map(part => readFile(join(KERNEL, part), 'utf8'))
  );
  const text = code.join('');
  return [0, 10_000, 20_000].map(at => text.slice(at, at + 10_000));
}

/** Milliseconds for one of the pieces, round by round; the first rounds are for the compiler. */
function costOf(pieces: string[], know = (): void => undefined): number[] {
  const costOfOne = (piece: string): number => {
    forgetSecrets();
    know();
    return cost(() => withoutSecrets(piece));
  };
  const times = Array.from(
    { length: 2 * ROUNDS },
    () => sum(pieces.map(costOfOne)) / pieces.length
  );
  return times.slice(ROUNDS);
}

/** Code with a told value in each of its thousands of characters. */
function withValues(piece: string): string {
  return VALUES.slice(0, 10)
    .map((value, n) => {
      const part = piece.slice(1000 * n, 1000 * (n + 1));
      return `${part.slice(0, -value.length - 2)} ${value} `;
    })
    .join('');
}

function fakesGone(side: 'code' | 'output'): [number, number] {
  const told = tellings('held out').filter(each => each.side === side);
  const gone = told.filter(({ steps, secret }) => {
    forgetSecrets();
    const cleaned = steps.map(withoutSecrets);
    return !survives(cleaned[cleaned.length - 1], secret);
  });
  return [gone.length, told.length];
}

async function ofPage(): Promise<ISide> {
  return {
    code: costOf(await ordinaryCode()),
    worst: worst(),
    fakes: { code: fakesGone('code'), output: fakesGone('output') }
  };
}

async function ofKernel(): Promise<ISide> {
  const { stdout } = await promisify(execFile)(
    join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python'),
    [
      join(__dirname, 'kernelsecrets.py'),
      join(__dirname, 'support', 'hostiletexts.json'),
      ...CODE.map(part => join(KERNEL, part))
    ]
  );
  return JSON.parse(stdout) as ISide;
}

test('secrets', async () => {
  for (const [where, side] of [
    ['page', await ofPage()],
    ['kernel', await ofKernel()]
  ] as const) {
    record({
      measure: `Secrets taken out of 10 KB of code, ${where}`,
      value: median(side.code),
      unit: 'ms',
      atMost: 0.3,
      note: `processor time, ${spread(side.code)}`
    });
    record({
      measure: `Secrets taken out of the worst 200,000 characters, ${where}`,
      value: side.worst.whole,
      unit: 'ms',
      atMost: 50,
      note: `${JSON.stringify(side.worst.unit)} again and again; ${side.worst.ratio.toFixed(1)} x half of it`
    });
    for (const [kind, bar] of [
      ['code', 95],
      ['output', 90]
    ] as const) {
      const [gone, told] = side.fakes[kind];
      record({
        measure: `Fakes of held-out kinds that go from ${kind}, ${where}`,
        value: (100 * gone) / told,
        unit: '%',
        atLeast: bar,
        note: `${told} of them`
      });
    }
  }
});

test('secrets with told values', async () => {
  const pieces = await ordinaryCode();
  for (const [what, texts] of [
    ['10 KB of code', pieces],
    ['10 KB of code with ten of them', pieces.map(withValues)]
  ] as const) {
    const times = costOf(texts, knowValues);
    record({
      measure: `A hundred told values taken out of ${what}`,
      value: median(times),
      unit: 'ms',
      atMost: 0.3,
      note: `with all other secrets, processor time, ${spread(times)}`
    });
  }
  for (const [what, know] of [
    ['any', knowValues],
    ['all alike', knowAlike]
  ] as const) {
    const { unit, whole, ratio } = worst(know);
    record({
      measure: `Told values taken out of the worst 200,000 characters, ${what}`,
      value: whole,
      unit: 'ms',
      atMost: 50,
      note: `${JSON.stringify(unit)} again and again; ${ratio.toFixed(1)} x half of it`
    });
  }
});
