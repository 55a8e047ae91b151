import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { code, plain, type ICell } from './cells';
import { Lesson } from './lesson';
import { NotebookPage } from './notebook';
import type { Server } from './server';

/**
 * The kernel side as a file beside the notebook: no package has to be there.
 * This kernel side waits for the page's word as long as a page on a busy
 * machine may take.
 */
export const SIDE = readFileSync(
  join(__dirname, '..', '..', 'ipynb_telemetry', 'bootstrap.py'),
  'utf8'
).replace('\n_PATIENCE_S = 2.0', '\n_PATIENCE_S = 60.0');

/** The command in the menu. */
export const TOGGLE = 'Student Telemetry in This Notebook';

/** The first cell of a notebook that turns telemetry on by itself. */
export function call(lesson: string, notebook = lesson): ICell {
  return code(
    `exec(open("${lesson}.py").read())\nsetup_telemetry("${notebook}")`
  );
}

/** Open a notebook without a flag, unless `metadata` has one. Calls in the notebook give its file's name. */
export async function open(
  page: Page,
  server: Server,
  id: string,
  cells: ICell[],
  metadata = {}
): Promise<Lesson> {
  await server.write(`${id}.py`, SIDE);
  await server.write(`${id}.ipynb`, plain(cells, metadata));
  await NotebookPage.open(page, server, `${id}.ipynb`);
  return new Lesson(page, server, `${id}.ipynb`);
}

/** Whether the notebook in front is changed, and its flag. */
export function state(page: Page): Promise<{ dirty: boolean; flag: unknown }> {
  return page.evaluate(() => {
    const { model } = (
      window.jupyterapp.shell.currentWidget as unknown as {
        context: {
          model: { dirty: boolean; getMetadata(key: string): unknown };
        };
      }
    ).context;
    const flag = model.getMetadata('ipynb_telemetry') ?? null;
    return { dirty: model.dirty, flag };
  });
}

/** Where the runs took place, as they were captured. */
export async function places(
  lesson: Lesson,
  count: number
): Promise<unknown[]> {
  const runs = await lesson.captured('cell_executed', count);
  return runs.map(run => run.cell_index);
}

/** Our scripts that the page loads from now on. */
export function scripts(page: Page): string[] {
  const found: string[] = [];
  page.on('request', request => {
    if (/ipynb-telemetry\/static\/.*\.js/.test(request.url())) {
      found.push(request.url());
    }
  });
  return found;
}
