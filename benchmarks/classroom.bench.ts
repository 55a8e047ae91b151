// One class collector, and the real delivery of every student: at work, ten times as many, and all back at once.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { balanceOf } from '../ui-tests/support/classbalance';
import { ClassCollector } from '../ui-tests/support/classcollector';
import {
  NodeStudents,
  type IHappening
} from '../ui-tests/support/nodestudents';
import { explain, quantile, record } from './support/figures';

const CLASS = 300;
const MANY = 3_000;
/** Between two events of a student, on average, in milliseconds. */
const PAUSE_MS = 12_000;
const WORK_MS = 60_000;
const LOOK_MS = 2_000;
const HERD = 100_000;

const python = join(process.env.IPYNB_TELEMETRY_VENV!, 'bin', 'python');

async function lessonsOf(count: number): Promise<IHappening[][]> {
  const { stdout } = await promisify(execFile)(
    python,
    [join(__dirname, 'lessonevents.py'), String(count)],
    { maxBuffer: 1024 ** 3 }
  );
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as IHappening[]);
}

/** Log in as an instructor; what is given asks for a path below `ipynb-telemetry/`. */
async function logIn({
  url,
  instructorKey
}: ClassCollector): Promise<(path: string) => Promise<Response>> {
  const page = await fetch(`${url}/login`);
  const token = /name="_xsrf" value="([^"]*)"/.exec(await page.text())![1];
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ key: instructorKey, _xsrf: token }),
    headers: { Cookie: cookiesOf(page) },
    redirect: 'manual'
  });
  const headers = { Cookie: cookiesOf(answer) };
  return path => fetch(`${url}/ipynb-telemetry/${path}`, { headers });
}

/** What a browser would send back. */
function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ');
}

/** Look as often as a class view does; how long each look took, in milliseconds. */
async function look(
  collector: ClassCollector,
  signal: AbortSignal
): Promise<number[]> {
  const ask = await logIn(collector);
  const times: number[] = [];
  while (!signal.aborted) {
    const begin = performance.now();
    for (const path of ['changes?since=0', 'needs', 'progress']) {
      const answer = await ask(`class/${path}`);
      expect([200, 204]).toContain(answer.status);
      await answer.arrayBuffer();
    }
    times.push(performance.now() - begin);
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
  return times;
}

/** Hold the balance of a class, and record it. */
async function balance(
  collector: ClassCollector,
  students: NodeStudents,
  name: string
): Promise<void> {
  await students.drained();
  await students.close();
  const { stored, duplicates, lost, strange } = await balanceOf(
    collector,
    students.produced
  );
  const answers = [...students.statuses].map(
    ([status, count]) => `${status}: ${count}`
  );
  explain(
    `${name}: ${students.produced.length} events, answers ${answers.join(', ')}`
  );
  expect.soft(students.refusals, 'set aside').toEqual([]);
  expect.soft(students.dropped, 'given up').toBe(0);
  expect.soft(strange).toBe(0);
  for (const [what, value] of [
    ['Lost', lost],
    ['Duplicates', duplicates]
  ] as const) {
    record({
      measure: `${what} of ${name}`,
      value,
      unit: 'events',
      atMost: 0,
      note: `${students.produced.length} produced, ${stored} stored`
    });
  }
}

for (const [count, bar] of [
  [CLASS, 200],
  [MANY, undefined]
] as const) {
  test(`classroom of ${count}`, async () => {
    const collector = await ClassCollector.start();
    try {
      const lessons = await lessonsOf(CLASS);
      const students = new NodeStudents(
        count,
        collector.url,
        collector.classKey,
        Array.from({ length: count }, (_, index) => lessons[index % CLASS])
      );
      const looking = new AbortController();
      const looks = look(collector, looking.signal);
      await students.work(WORK_MS, PAUSE_MS);
      looking.abort();
      const answers = await looks;
      await balance(collector, students, `${count} students at work`);
      record({
        measure: `p95 of a POST among ${count} students`,
        value: quantile(students.posts, 0.95),
        unit: 'ms',
        atMost: bar,
        note: `median ${quantile(students.posts, 0.5).toFixed(0)}, slowest ${Math.max(...students.posts).toFixed(0)}; ${students.posts.length} POSTs in a minute`
      });
      record({
        measure: `p95 of a look of the class view among ${count} students`,
        value: quantile(answers, 0.95),
        unit: 'ms',
        note: `changes, needs and progress, ${answers.length} times; slowest ${Math.max(...answers).toFixed(0)}`
      });
    } finally {
      await collector.stop();
    }
  });
}

test('classroom comes back at once', async () => {
  const collector = await ClassCollector.start();
  try {
    const students = new NodeStudents(
      CLASS,
      collector.url,
      collector.classKey,
      await lessonsOf(CLASS)
    );
    await collector.end('SIGKILL');
    for (let done = 0; done < HERD; done++) {
      students.act(done);
      if (done % CLASS === 0) {
        await new Promise(resolve => setTimeout(resolve));
      }
    }
    expect(await students.waiting()).toBe(HERD);
    await collector.resume();
    students.posts.length = 0;
    const begin = performance.now();
    students.wake();
    await students.drained();
    const seconds = (performance.now() - begin) / 1000;
    await balance(collector, students, `a herd of ${CLASS} students`);
    record({
      measure: `Drain of ${HERD} events that waited for the class collector`,
      value: HERD / seconds,
      unit: 'events/s',
      note: `${seconds.toFixed(0)} s; p95 of a POST ${quantile(students.posts, 0.95).toFixed(0)} ms`
    });
  } finally {
    await collector.stop();
  }
});
