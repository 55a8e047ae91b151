// A class told to a real collector: what each view of it says, of all, of a group, of a past moment.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClassPage } from '../support/classpage';
import { aClass, BEGAN_MS } from '../support/classroom';
import { expect, test } from '../support/fixtures';
import type { Server } from '../support/server';
import { VENV } from '../support/server';

/** What `jupyter telemetry answers` says from the same file. */
async function answers(
  server: Server,
  name: string,
  notebook: string
): Promise<unknown> {
  const file = join('data', 'ipynb_telemetry', 'events.sqlite3');
  const { stdout } = await promisify(execFile)(join(VENV, 'bin', 'python'), [
    ...['-m', 'ipynb_telemetry', 'answers', name, '--json'],
    ...['--notebook', notebook, '--database', join(server.root, '..', file)]
  ]);
  return (JSON.parse(stdout) as { result: unknown }).result;
}

test('each state of an exercise has its sign, its number and its words', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-states');
  const view = await ClassPage.open(page, server, 'progress?in=class-states');
  const states = [
    ['Ann', '·', 'untouched'],
    ['Bea', '…2', 'tried, 2 runs'],
    ['Cleo', '✗3', 'failing after 3 tries'],
    ['Dan', '✓', 'passed at try 1'],
    ['Eve', '✓3', 'passed at try 3'],
    ['Fay', '◐2', 'passed at try 2, after looking at the solution'],
    ['Nil', '·', 'untouched']
  ] as const;
  for (const [name, sign, words] of states) {
    const cell = view.row(name).getByRole('gridcell', {
      name: `Exercise 1: ${words}`,
      exact: true
    });
    await expect(cell, name).toHaveText(sign);
  }
  // The head, seven students, the class: staff has no row.
  await expect(view.grid.getByRole('row')).toHaveCount(9);
  await expect(view.grid).not.toContainText('Tim');
  // Of the roster, without any event.
  await expect(view.row('Nil')).toContainText('never');
  await expect(await view.cell('Nil', 'Exercises solved')).toHaveText('–');
  await expect(await view.cell('Fay', 'Exercises solved')).toHaveText('2/3');
  await expect(await view.cell('class', 'Exercise 1')).toHaveText('43 %');
  await expect(await view.cell('class', 'Exercise 2')).toHaveText('14 %');
});

/** Figures of each view, for all and for the two groups. */
const FIGURES = {
  all: {
    now: [
      ['Needs you now', '6 of 7 here · 1 not started'],
      ['Where the class is', '0 done · 2 tried nothing yet'],
      ['Errors now', '2 still stuck, 3 students, 5 times'],
      [
        'Delivery',
        'every event of 5 of 6 sessions is here; 1 event is missing in 1'
      ]
    ],
    solved: ['43 %', '14 %'],
    tried: '5',
    passed: '60 %  (3)',
    students: 7,
    sessions: 6
  },
  A: {
    now: [
      ['Needs you now', '3 of 4 here · 1 not started'],
      ['Where the class is', '0 done · 2 tried nothing yet'],
      ['Errors now', '1 still stuck, 1 student, 3 times'],
      [
        'Delivery',
        'every event of 2 of 3 sessions is here; 1 event is missing in 1'
      ]
    ],
    solved: ['25 %', '0 %'],
    tried: '2',
    passed: 'too few to say',
    students: 4,
    sessions: 3
  },
  B: {
    now: [
      ['Needs you now', '3 of 3 here'],
      ['Where the class is', '0 done'],
      ['Errors now', '1 still stuck, 2 students, 2 times'],
      ['Delivery', 'every event of 3 of 3 sessions is here']
    ],
    solved: ['67 %', '33 %'],
    tried: '3',
    passed: 'too few to say',
    students: 3,
    sessions: 3
  }
} as const;

test('a group changes every figure', async ({ page, startServer }) => {
  const server = await startServer();
  await aClass(server, 'class-groups');
  const view = await ClassPage.open(page, server, 'now?in=class-groups');
  const group = view.filter('Group');
  for (const [name, figures] of Object.entries(FIGURES)) {
    await group.selectOption({ label: name });
    await view.show('Now');
    for (const [card, text] of figures.now) {
      await expect(view.card(card), name).toContainText(text);
    }
    await view.show('Progress');
    for (const [nth, share] of figures.solved.entries()) {
      const cell = await view.cell('class', `Exercise ${nth + 1}`);
      await expect(cell, name).toHaveText(share);
    }
    await view.show('Exercises');
    const row = 'Exercise 1';
    await expect(await view.cell(row, 'Students who tried')).toHaveText(
      figures.tried
    );
    await expect(await view.cell(row, 'Passed, of those who tried')).toHaveText(
      figures.passed
    );
    await view.show('Errors');
    await expect(
      view.grid.getByRole('row').filter({ hasText: 'KeyError' })
    ).toHaveCount(1);
    const stuck = view.grid.getByRole('row').filter({ hasText: 'KeyError' });
    await expect(stuck).toContainText('Exercise 2');
    await view.show('Students');
    const rows = view.grid.getByRole('row');
    await expect(rows).toHaveCount(figures.students + 1);
    await view.show('Delivery');
    await expect(rows).toHaveCount(figures.sessions + 1);
  }
});

test('an address with a moment shows the class as it was', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-past');
  const moment = (seconds: number): string =>
    new Date(BEGAN_MS + seconds * 1_000).toISOString();
  // Events are five seconds apart: three of each student.
  const view = await ClassPage.open(
    page,
    server,
    `progress?in=class-past&since=${moment(0)}&until=${moment(16)}`
  );
  await expect(view.freshness).toContainText('as it was at');
  const then = { Bea: '…2', Cleo: '✗1', Dan: '✓', Eve: '✗2', Fay: '·' };
  for (const [name, sign] of Object.entries(then)) {
    const cell = await view.cell(name, 'Exercise 1');
    await expect(cell, name).toHaveText(sign);
  }
  await expect(await view.cell('class', 'Exercise 1')).toHaveText('14 %');
  await view.show('Errors');
  await expect(view.page.getByRole('tabpanel')).not.toContainText('KeyError');
  await view.filter('Time').selectOption('all');
  await expect(view.grid).toContainText('KeyError');
});

test('the view says what the command line says from the same file', async ({
  page,
  startServer
}) => {
  const server = await startServer();
  await aClass(server, 'class-told');
  const { exercises, students } = (await answers(
    server,
    'progress',
    'class-told'
  )) as {
    exercises: { title: string }[];
    students: {
      student: string;
      solved: number;
      cells: ({ state: string; runs: number; fails: number } | null)[];
    }[];
  };
  const words = (cell: (typeof students)[number]['cells'][number]): RegExp =>
    cell === null
      ? /: untouched$/
      : {
          tried: new RegExp(`: tried, ${cell.runs} runs?$`),
          failing: new RegExp(`: failing after ${cell.fails} (try|tries)$`),
          passed: new RegExp(`: passed at try ${cell.fails + 1}$`),
          peeked: new RegExp(`: passed at try ${cell.fails + 1}, after looking`)
        }[cell.state]!;
  const view = await ClassPage.open(page, server, 'progress?in=class-told');
  await expect(view.grid.getByRole('row')).toHaveCount(students.length + 2);
  expect(students).toHaveLength(7);
  for (const { student, cells } of students) {
    for (const [nth, { title }] of exercises.entries()) {
      const shown = view
        .row(`${student[0]}${student.slice(1).toLowerCase()} Person`)
        .getByRole('gridcell', { name: `${title}:` });
      await expect(shown, student).toHaveAttribute(
        'aria-label',
        words(cells[nth])
      );
    }
  }
  const { rows, here, expected } = (await answers(
    server,
    'needs',
    'class-told'
  )) as {
    rows: { student: string; reason: string }[];
    here: number;
    expected: number;
  };
  await view.show('Now');
  const needs = view.card('Needs you now');
  expect(rows).toHaveLength(2);
  await expect(needs).toContainText(`${here} of ${expected} here`);
  for (const { student, reason } of rows) {
    const name = `${student[0]}${student.slice(1).toLowerCase()} Person`;
    await expect(needs).toContainText(`${name} ${reason}`);
  }
  await expect(needs.locator('.jp-cv-NeedsRows > li')).toHaveCount(rows.length);
});
