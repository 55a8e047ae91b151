import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ICell, INotebook } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { addKernel } from '../support/kernels';
import { expectUnbroken, inOrder, Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { VENV } from '../support/server';

const COURSES = join(VENV, 'courses');
const NBGRADER = join(COURSES, 'nbgrader', 'docs', 'source', 'user_guide');
const FLUIDS = join(COURSES, 'fluids-1.3.1', 'docs');
const SOLVED = join(FLUIDS, 'Examples', 'Crane TP 410 Solved Problems');

/** The notebooks of each course, in the order they are worked through. */
const NOTEBOOKS: Record<string, string[]> = {
  // As the students get it, where each answer raises NotImplementedError, and as one handed it in.
  nbgrader: [
    join(NBGRADER, 'release', 'ps1', 'problem1.ipynb'),
    join(NBGRADER, 'submitted', 'hacker', 'ps1', 'problem1.ipynb')
  ],
  fluids: [
    join(SOLVED, '7.9 Laminar Flow in Valves, Fittings, and Pipe.ipynb'),
    // A package is missing that its first cell imports.
    join(SOLVED, '7.18 Gas.ipynb'),
    join(SOLVED, '7.24 Laminar Flow.ipynb'),
    join(FLUIDS, 'Samples', 'Tank.ipynb')
  ]
};

/** A kernel that finds what the courses import. */
const KERNEL = {
  argv: ['python', '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
  display_name: 'Course',
  language: 'python',
  env: { PYTHONPATH: [COURSES, join(VENV, 'otter')].join(delimiter) }
};

interface INbgrader {
  grade: boolean;
  grade_id: string;
  solution: boolean;
}

/** The notebook as its course has it, but flagged, with a kernel of this machine, and not run yet. */
async function lessonOf(path: string): Promise<INotebook> {
  const notebook = JSON.parse(await readFile(path, 'utf8')) as INotebook;
  notebook.metadata.ipynb_telemetry = { enabled: true };
  const { display_name, language } = KERNEL;
  notebook.metadata.kernelspec = { display_name, language, name: 'course' };
  for (const cell of codeCells(notebook)) {
    Object.assign(cell, { outputs: [], execution_count: null });
  }
  return notebook;
}

function codeCells({ cells }: INotebook): ICell[] {
  return cells.filter(({ cell_type }) => cell_type === 'code');
}

/** In a file a cell's source may be a list of lines. */
function sourceOf({ source }: ICell): string {
  return [source].flat().join('');
}

/** What the kernel says was run in it: the number and the code of each run. */
async function kernelHistory(page: Page): Promise<Array<[number, string]>> {
  return page.evaluate(async () => {
    const kernel = (window.jupyterapp.shell.currentWidget as unknown as IPanel)
      .sessionContext.session.kernel;
    const { content } = await kernel.requestHistory({
      hist_access_type: 'range',
      session: 0,
      start: 1,
      stop: 10_000,
      raw: true,
      output: false
    });
    return content.history.map(([, line, source]) => [line, source] as const);
  });
}

interface IPanel {
  sessionContext: {
    session: {
      kernel: {
        requestHistory(request: object): Promise<{
          content: { history: Array<[number, number, string]> };
        }>;
      };
    };
  };
}

/** Run each code cell that is not empty, one after the other, and compare what was told. */
async function workThrough(lesson: Lesson, notebook: INotebook): Promise<void> {
  const filled = codeCells(notebook).filter(cell => sourceOf(cell).trim());
  for (const cell of filled) {
    await lesson.runToEnd(notebook.cells.indexOf(cell));
  }
  const runs = await lesson.captured('cell_executed', filled.length);
  const { page, server } = lesson;
  // IPython's history has no empty lines at the end.
  const told = runs.map(({ execution_count, code }) => [
    execution_count,
    (code as string).replace(/\n+$/, '')
  ]);
  expect(told).toEqual(await kernelHistory(page));

  // As the student sees them, and as the file has them in the end.
  await lesson.save();
  const saved = JSON.parse(
    await readFile(join(server.root, lesson.path), 'utf8')
  ) as INotebook;
  const shown = codeCells(saved)
    .filter(cell => sourceOf(cell).trim())
    .map(cell => [
      saved.cells.indexOf(cell),
      cell.execution_count,
      failureOf(cell)
    ]);
  expect(
    runs.map(({ cell_index, execution_count, error }) => [
      cell_index,
      execution_count,
      (error as { name: string } | null)?.name ?? null
    ])
  ).toEqual(shown);

  // nbgrader's rule: a cell that is graded by its run, and not by hand.
  const verdicts = filled.flatMap(cell => {
    const nbgrader = cell.metadata.nbgrader as INbgrader | undefined;
    const run = shown[filled.indexOf(cell)];
    return nbgrader?.grade && !nbgrader.solution
      ? [[run[2] ? 'test_failed' : 'test_passed', nbgrader.grade_id]]
      : [];
  });
  const events = await server.events({ notebook: lesson.id });
  expect(
    inOrder(events)
      .filter(({ event }) => event.startsWith('test_'))
      .map(({ event, properties }) => [event, properties.test])
  ).toEqual(verdicts);
  expectUnbroken(events);
}

/** The name of the error that a cell's output ends with, or null. */
function failureOf({ outputs = [] }: ICell): unknown {
  const errors = outputs as Array<{ ename?: string }>;
  return errors.find(({ ename }) => ename !== undefined)?.ename ?? null;
}

test.use({ serverOptions: { settings: { captureCode: true } } });

for (const [course, paths] of Object.entries(NOTEBOOKS)) {
  test(`each run in the notebooks of ${course} is told as its kernel remembers it`, async ({
    page,
    server
  }) => {
    await addKernel(server, 'course', KERNEL);
    let runs = 0;
    for (const [nth, path] of paths.entries()) {
      const notebook = await lessonOf(path);
      const file = `${course}-${nth}.ipynb`;
      await server.write(file, notebook);
      await NotebookPage.open(page, server, file);
      const lesson = new Lesson(page, server, file);
      if (nth === 0) {
        await lesson.enterName('Ann', 'Lee');
      }
      await lesson.captured('session_started', 1);
      await workThrough(lesson, notebook);
      runs += codeCells(notebook).length;
    }
    expect(runs).toBeGreaterThan(10);
  });
}
