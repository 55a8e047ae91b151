// What it costs to take secrets out of a text, and how many of fakes go.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '../ui-tests/support/fixtures';
import { survives, tellings } from '../src/__tests__/events/fakesecrets';
import { forgetSecrets, withoutSecrets } from '../src/events/secrets';
import { median, record, spread } from './support/figures';

const KERNEL = join(__dirname, '..', 'ipynb_telemetry', 'kernel');
const LONG = 200_000;
const ROUNDS = 15;
/** What costs most for each of the rules. */
const HOSTILE = [
  'sk-',
  'eyJ.a',
  'key=',
  'key="',
  'key="a',
  'password:',
  '+ASt'
];
HOSTILE.push('"a1B2c3D4e5F6a1B2c3D4e5F6', 'a-a_', 'aB1_', 'login("a","', '://');
HOSTILE.push('token=a1b2c3d4e5f6 ', 'ACDb', '8Q~', '-----BEGIN ', 'bearer ');

/** Processor time of this process, in milliseconds: other programs do not count. */
function cost(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('secrets', async () => {
  const parts = ['post.py', 'spool.py', 'delivery.py', 'outputs.py', 'text.py'];
  const code = await Promise.all(
    parts.map(part => readFile(join(KERNEL, part), 'utf8'))
  );
  const text = code.join('').slice(0, 30_000);
  const pieces = [0, 10_000, 20_000].map(at => text.slice(at, at + 10_000));
  const times: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const ours = cost(() => pieces.forEach(withoutSecrets)) / pieces.length;
    const beside =
      cost(() => pieces.forEach(piece => JSON.stringify(piece.split('')))) /
      pieces.length;
    // The first rounds are for the compiler.
    if (round >= ROUNDS) {
      times.push(ours);
      shares.push(ours / beside);
    }
  }
  record({
    measure: 'Secrets taken out of 10 KB of code',
    value: median(times),
    unit: 'ms',
    atMost: 0.3,
    note: `processor time, ${spread(times)}; ${median(shares).toFixed(1)} x its letters as JSON`
  });
  const worst = HOSTILE.map(unit => {
    const [quarter, whole] = [LONG / 4, LONG].map(length => {
      const hostile = unit.repeat(length / unit.length);
      return Math.min(
        ...Array.from({ length: 5 }, () => {
          forgetSecrets();
          return cost(() => withoutSecrets(hostile));
        })
      );
    });
    return { unit, whole, ratio: whole / quarter };
  }).sort((one, other) => other.whole - one.whole)[0];
  record({
    measure: 'Secrets taken out of the worst 200,000 characters',
    value: worst.whole,
    unit: 'ms',
    atMost: 50,
    note: `“${worst.unit}” again and again; ${worst.ratio.toFixed(1)} x a quarter of it`
  });
  for (const [side, bar] of [
    ['code', 95],
    ['output', 90]
  ] as const) {
    const told = tellings('held out').filter(each => each.side === side);
    const gone = told.filter(({ steps, secret }) => {
      forgetSecrets();
      const cleaned = steps.map(withoutSecrets);
      return !survives(cleaned[cleaned.length - 1], secret);
    });
    record({
      measure: `Fakes of held-out kinds that go from ${side}`,
      value: (100 * gone.length) / told.length,
      unit: '%',
      atLeast: bar,
      note: `${told.length} of them`
    });
  }
});
