import { expect } from '@playwright/test';
import type { ICell } from './cells';
import type { IOtherEnd } from './collector';
import { everything, type Language } from './everything';
import { floodTold } from './flood';
import type { Lesson } from './lesson';
import type { IPlace } from './notebook';
import { show } from './visibility';

type Properties = Record<string, unknown>;

/**
 * A student in a notebook with `everything`, in whatever place. Each act ends
 * when its events are stored at the other end: these and no more of their type.
 */
export class Student {
  constructor(
    private readonly _lesson: Lesson<IPlace & IOtherEnd>,
    private readonly _language: Language = 'python'
  ) {
    this._cells = everything(_language);
  }

  /** Opens a solution, and closes it. */
  async peeks(): Promise<void> {
    const cell_index = this._index('hint');
    const summary = this._lesson.cell(cell_index).locator('summary');
    const peek = { summary: 'Hint', cell_id: 'hint', cell_index, peek: 1 };
    await summary.click();
    expect(await this._told('solution_peek', 1)).toEqual([peek]);
    await summary.click();
    expect(await this._told('solution_closed', 1)).toEqual([
      { ...peek, open_ms: expect.any(Number) }
    ]);
  }

  /** Goes to another page of the browser, and to another program. */
  async leaves(): Promise<void> {
    for (const [reason, away] of [
      ['page_hidden', { hidden: true, focused: false }],
      ['window', { hidden: false, focused: false }]
    ] as const) {
      await show(this._lesson.page, away);
      await this._isAway(reason);
      await show(this._lesson.page, { hidden: false, focused: true });
      await this._isBack(reason);
    }
  }

  /** Goes to another tab of the application. */
  async changesTab(): Promise<void> {
    const { page, path } = this._lesson;
    await this._lesson.execute('launcher:create');
    await this._isAway('tab');
    await page.getByRole('main').getByRole('tab', { name: path }).click();
    await this._isBack('tab');
  }

  /** Pastes what was copied elsewhere. */
  async pastesText(): Promise<void> {
    const { page } = this._lesson;
    await page.evaluate(() => navigator.clipboard.writeText('ibis\nibis'));
    const cell_index = this._index('blank');
    await this._lesson.edit(cell_index);
    await page.keyboard.press('ControlOrMeta+V');
    expect(await this._told('paste', 1)).toEqual([
      {
        length: 9,
        lines: 2,
        cell_id: 'blank',
        cell_index,
        kind: 'text',
        internal: false,
        by: 'paste'
      }
    ]);
  }

  /** Copies a cell, and pastes it below all others. */
  async pastesCells(): Promise<void> {
    await this._lesson.select(this._index('first'));
    await this._lesson.page.keyboard.press('c');
    const blank = this._index('blank');
    await this._lesson.select(blank);
    await this._lesson.page.keyboard.press('v');
    expect(await this._told('paste', 1)).toEqual([
      {
        length: 7,
        lines: 1,
        cell_id: expect.any(String),
        cell_index: blank + 1,
        kind: 'cells',
        internal: true,
        by: 'paste'
      }
    ]);
  }

  /** Runs all cells, of which the second fails: the others are not reached. */
  async runsAll(): Promise<void> {
    const [first, fails, ...rest] = this._cells.filter(
      ({ cell_type: type, source }) => type === 'code' && source
    );
    const count = 2 + rest.length;
    if (this._language === 'python') {
      await this._lesson.runAllThrough('fails', count);
    } else {
      await this._lesson.runAll();
    }
    const runs = await this._told('cell_executed', count);
    expect(runs.map(({ cell_id, status }) => [cell_id, status])).toEqual([
      [first.id, 'ok'],
      [fails.id, 'error'],
      ...rest.map(({ id }) => [id, 'aborted'])
    ]);
  }

  /** Restarts the kernel while a cell runs, and another waits to. */
  async restarts(): Promise<void> {
    await this._lesson.run(this._index('endless'));
    await this._lesson.reached('restart');
    await this._lesson.run(this._index('queued'));
    await this._lesson.menu('Kernel', 'Restart Kernel…');
    await this._lesson.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Confirm Kernel Restart' })
      .click();
    const cancelled = { status: 'cancelled', success: false, error: null };
    expect(await this._told('cell_executed', 2)).toMatchObject([
      { ...cancelled, cell_id: 'endless', output: 'at restart\n' },
      { ...cancelled, cell_id: 'queued', output: '', duration_ms: 0 }
    ]);
    await this._lesson.idle();
  }

  /** Runs a cell of nbgrader before it can pass, and when it can. */
  async isGraded(): Promise<void> {
    const test = {
      test: 'q1',
      cell_id: 'graded',
      duration_ms: expect.any(Number)
    };
    const [failed] = await this._runs('graded');
    expect(await this._told('test_failed', 1)).toEqual([
      { ...test, attempt: 1, error: failed.error }
    ]);
    await this._runs('answer');
    await this._runs('graded');
    expect(await this._told('test_passed', 1)).toEqual([
      { ...test, attempt: 2, error: null }
    ]);
  }

  /** Runs the tests of Otter, doctest and pytest. */
  async runsTests(): Promise<void> {
    const test = { attempt: 1, duration_ms: expect.any(Number) };
    for (const [cell, name] of [
      ['otter', 'q2'],
      ['doctest', 'add'],
      ['pytest', 'test_even[2]']
    ]) {
      await this._runs(cell);
      expect(await this._told('test_passed', 1)).toEqual([
        { ...test, test: name, cell_id: cell, error: null }
      ]);
    }
    expect(await this._told('test_failed', 1)).toMatchObject([
      {
        ...test,
        test: 'test_even[1]',
        cell_id: 'pytest',
        error: { name: 'AssertionError' }
      }
    ]);
  }

  /** Sends more than the page takes: what is dropped is told. */
  async floods(): Promise<void> {
    await this._runs('flood');
    const [, losses] = await floodTold(this._lesson);
    expect(losses).toContainEqual(expect.objectContaining({ reason: 'rate' }));
  }

  private async _isAway(reason: string): Promise<void> {
    expect(await this._told('blur', 1)).toEqual([{ reason }]);
  }

  private async _isBack(reason: string): Promise<void> {
    expect(await this._told('focus', 1)).toEqual([
      { reason, away_ms: expect.any(Number) }
    ]);
  }

  private async _runs(cell: string): Promise<Properties[]> {
    await this._lesson.run(this._index(cell));
    const runs = await this._told('cell_executed', 1);
    expect(runs[0].cell_id).toBe(cell);
    return runs;
  }

  /** The next events of a type: so many, and no more. */
  private async _told(type: string, count: number): Promise<Properties[]> {
    const before = this._counts.get(type) ?? 0;
    const all = await this._lesson.captured(type, before + count);
    this._counts.set(type, all.length);
    return all.slice(before);
  }

  private _index(cell: string): number {
    return this._cells.findIndex(({ id }) => id === cell);
  }

  private readonly _cells: ICell[];
  /** How many events of a type were told so far. */
  private readonly _counts = new Map<string, number>();
}
