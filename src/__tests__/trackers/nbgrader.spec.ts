import type { Cell } from '@jupyterlab/cells';
import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { kernelEventTracker } from '../../trackers/kernel/kernelevent';
import { nbgraderTracker } from '../../trackers/nbgrader';
import { ExecutionStage, ZERO, ZERO_ERROR } from './execution/executionstage';

const TEST = { grade: true, solution: false, locked: true, grade_id: 'q1' };

const stage = new ExecutionStage();
let tracker: IDisposable;

beforeEach(() => {
  tracker = nbgraderTracker(stage.doc.context);
});
afterEach(() => tracker.dispose());

function testCell(nbgrader: unknown = TEST): Cell {
  const cell = stage.doc.addCell('assert x == 1');
  cell.model.setMetadata('nbgrader', nbgrader);
  return cell;
}

/** Run the cell for 200 ms to an end that the kernel tells of. */
function run(cell: Cell, reply: object = { status: 'ok' }): void {
  stage.scheduled(cell);
  const request = stage.kernel.request(cell.model.id);
  stage.kernel.busy(request);
  jest.advanceTimersByTime(200);
  stage.kernel.say(request, 'execute_reply', reply);
  stage.kernel.idle(request);
  const { status } = reply as { status: string };
  stage.executed(cell, status === 'ok', status === 'ok' ? null : reply);
}

const results = (): [string, Record<string, unknown>][] =>
  stage.doc.events.filter(([name]) => name !== 'cell_executed');

describe('a test cell', () => {
  it('is a test result after its run, counted by its grade id', () => {
    const cell = testCell();
    run(cell, ZERO);
    run(cell);
    expect(stage.doc.events.map(([name]) => name)).toEqual([
      'cell_executed',
      'test_failed',
      'cell_executed',
      'test_passed'
    ]);
    const test = { test: 'q1', cell_id: stage.runs()[0].cell_id };
    expect(test.cell_id).toBe(cell.model.id);
    expect(results()).toEqual([
      [
        'test_failed',
        { ...test, attempt: 1, duration_ms: 200, error: ZERO_ERROR }
      ],
      ['test_passed', { ...test, attempt: 2, duration_ms: 200, error: null }]
    ]);
  });

  it('has its error told by the test, unless such tests are switched off', () => {
    const errorOf = (): unknown => stage.runs().at(-1)?.error_of;
    run(testCell(), ZERO);
    expect(errorOf()).toBe('test');
    run(testCell({ ...TEST, grade: false }), ZERO);
    expect(errorOf()).toBeUndefined();
    stage.doc.rules = {
      ...stage.doc.rules,
      disabledTestSources: new Set(['nbgrader'])
    };
    run(testCell(), ZERO);
    expect(errorOf()).toBeUndefined();
  });

  it('is counted together with a test of that name in the kernel', () => {
    const kernel = kernelEventTracker(stage.doc.context);
    run(testCell());
    stage.doc.kernelMessages.emit({
      content: { data: { event: 'test_passed', properties: { test: 'q1' } } }
    } as unknown as KernelMessage.ICommMsgMsg);
    kernel.dispose();
    expect(results().map(([, { attempt }]) => attempt)).toEqual([1, 2]);
  });

  it('shows no more of an error than the settings let', () => {
    stage.doc.rules = { ...stage.doc.rules, captureOutput: false };
    run(testCell(), ZERO);
    expect(results()).toMatchObject([
      [
        'test_failed',
        { error: { name: 'ZeroDivisionError', value: '', traceback: '' } }
      ]
    ]);
  });

  it('has its grade id cut', () => {
    run(testCell({ ...TEST, grade_id: 'x'.repeat(300) }));
    expect(results()).toMatchObject([
      ['test_passed', { test: 'x'.repeat(200) }]
    ]);
  });

  it('is judged by what it is at the end of its run, wherever it is then', () => {
    const cell = testCell({ ...TEST, grade: false });
    stage.scheduled(cell);
    stage.doc.model.sharedModel.insertCell(0, { cell_type: 'markdown' });
    cell.model.setMetadata('nbgrader', TEST);
    stage.executed(cell);
    expect(results()).toHaveLength(1);
  });
});

describe('no verdict', () => {
  it.each([
    ['never reached', { status: 'aborted' }],
    ['interrupted', { status: 'error', ename: 'KeyboardInterrupt' }]
  ])('is on a cell that was %s', (_, reply) => {
    run(testCell(), reply);
    expect(stage.runs()).toHaveLength(1);
    expect(results()).toEqual([]);
  });

  it('is on a run the kernel went away from', () => {
    stage.scheduled(testCell());
    stage.doc.statusChanged.emit('restarting');
    expect(stage.statuses()).toEqual(['cancelled']);
    expect(results()).toEqual([]);
  });

  it('is on a cell that was deleted meanwhile', () => {
    const cell = testCell();
    stage.scheduled(cell);
    stage.doc.model.sharedModel.deleteCell(0);
    stage.executed(cell);
    expect(stage.runs()).toHaveLength(1);
    expect(results()).toEqual([]);
  });

  it.each([
    ['no metadata', undefined],
    ['null', null],
    ['a text', 'grade'],
    ['a solution', { ...TEST, grade: false, solution: true }],
    ['a solution marked by hand', { ...TEST, solution: true }],
    ['a task marked by hand', { ...TEST, task: true }],
    ['a read-only cell', { ...TEST, grade: false }],
    ['a grade that is no boolean', { ...TEST, grade: 'yes' }],
    ['no grade id', { ...TEST, grade_id: undefined }],
    ['an empty grade id', { ...TEST, grade_id: '' }],
    ['a grade id that is a list', { ...TEST, grade_id: ['q1'] }]
  ])('is on a cell with %s', (_, nbgrader) => {
    const cell = stage.doc.addCell('1');
    if (nbgrader !== undefined) {
      cell.model.setMetadata('nbgrader', nbgrader);
    }
    run(cell);
    expect(stage.runs()).toHaveLength(1);
    expect(results()).toEqual([]);
  });

  it('is told while the setting is off, at once when it is on', () => {
    const cell = testCell();
    const { rules } = stage.doc;
    stage.doc.rules = { ...rules, disabledTestSources: new Set(['nbgrader']) };
    run(cell);
    expect(results()).toEqual([]);
    stage.doc.rules = { ...rules, disabledTestSources: new Set(['otter']) };
    run(cell);
    expect(results()).toHaveLength(1);
  });
});

it('is silent when disposed', () => {
  tracker.dispose();
  run(testCell());
  expect(results()).toEqual([]);
  // By the tracker of runs, which looks for failed tests.
  expect(stage.doc.recorded.heard).toBe(1);
});
