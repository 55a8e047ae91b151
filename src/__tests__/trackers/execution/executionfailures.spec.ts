import type { IRunError } from '../../../trackers/celloutput';
import { ExecutionStage, ZERO, ZERO_ERROR } from './executionstage';

const stage = new ExecutionStage();
const { runs, statuses, scheduled, executed, start, answer, show } = stage;

describe('an error', () => {
  it('that a failed test has told in this run is of the test', () => {
    const told = { test: 'adds', cell_id: 'a', attempt: 1, duration_ms: 1 };
    const fail = (error: IRunError): boolean =>
      stage.doc.context.record({
        name: 'test_failed',
        properties: { ...told, error }
      });
    const run = (before: () => void): void => {
      const { cells, requests } = start(1);
      before();
      answer(requests[0], ZERO);
      executed(cells[0], false, ZERO);
    };
    run(() => fail({ ...ZERO_ERROR, traceback: 'from the test on' }));
    // That error was told of the run before.
    run(() => undefined);
    run(() => fail({ ...ZERO_ERROR, value: 'another' }));
    run(() => fail({ ...ZERO_ERROR, name: 'AnotherError' }));
    run(() => {
      fail({ ...ZERO_ERROR, name: 'AnotherError' });
      fail(ZERO_ERROR);
    });
    expect(runs().map(({ error_of }) => error_of)).toEqual([
      'test',
      undefined,
      undefined,
      undefined,
      'test'
    ]);
    expect('error_of' in runs()[1]).toBe(false);
    fail(ZERO_ERROR);
    run(() => undefined);
    expect(runs()[5].error_of).toBeUndefined();
  });

  it('under Run All is one, and those behind it were not reached', () => {
    const { cells, requests } = start(5);
    answer(requests[0], { status: 'ok', execution_count: 1 });
    executed(cells[0]);
    answer(requests[1], ZERO);
    executed(cells[1], false, {
      errorName: ZERO.ename,
      errorValue: ZERO.evalue,
      traceback: ZERO.traceback
    });
    for (const i of [2, 3, 4]) {
      stage.kernel.say(requests[i], 'status', { execution_state: 'busy' });
      stage.kernel.say(requests[i], 'execute_reply', {
        status: 'aborted',
        execution_count: 2
      });
      stage.kernel.idle(requests[i]);
      executed(cells[i], false);
    }
    expect(statuses()).toEqual([
      'ok',
      'error',
      'aborted',
      'aborted',
      'aborted'
    ]);
    expect(runs()[1]).toMatchObject({
      success: false,
      error: ZERO_ERROR,
      execution_count: 2
    });
    for (const run of runs().slice(2)) {
      expect(run).toMatchObject({
        success: false,
        error: null,
        execution_count: null,
        duration_ms: 0
      });
    }
  });

  it('in JupyterLite is the last word on those behind it', () => {
    const { context } = stage.doc;
    const application = { ...context.application, app: 'lite' };
    Object.assign(context, { application });
    const { cells, requests } = start(3);
    const unsent = stage.doc.addCell('x');
    scheduled(unsent);
    answer(requests[0], ZERO);
    executed(cells[0], false);
    expect(statuses()).toEqual(['error', 'aborted', 'aborted']);
    expect(runs()[2]).toMatchObject({ duration_ms: 0, execution_count: null });
    // What is run again is one more run, and what was not sent may still be.
    scheduled(cells[1]);
    for (const cell of [cells[1], unsent]) {
      answer(stage.kernel.request(cell.model.id), { status: 'ok' });
      executed(cell);
    }
    expect(runs().slice(3)).toMatchObject([
      { status: 'ok', cell_id: cells[1].model.id, attempt: 2 },
      { status: 'ok', cell_id: unsent.model.id, attempt: 1 }
    ]);
  });

  it('in JupyterLite tells of each once, though the kernel goes at that moment', () => {
    const { context } = stage.doc;
    const application = { ...context.application, app: 'lite' };
    Object.assign(context, { application });
    const { requests } = start(3);
    scheduled(stage.doc.addCell('x'));
    answer(requests[0], ZERO);
    stage.tracker.dispose();
    expect(statuses()).toEqual(['error', 'aborted', 'aborted', 'cancelled']);
  });

  it.each([
    ['the reply of the kernel', ZERO, null, false],
    [
      'the signal',
      null,
      {
        errorName: ZERO.ename,
        errorValue: ZERO.evalue,
        traceback: ZERO.traceback
      },
      false
    ],
    ['the outputs', null, null, true]
  ])('is known from %s alone', (_, reply, error, shown) => {
    const cell = stage.doc.addCell('1/0');
    scheduled(cell);
    if (reply) {
      answer(stage.kernel.request(cell.model.id), reply);
    }
    if (shown) {
      show(cell, { output_type: 'stream', name: 'stdout', text: 'before' });
      show(cell, {
        output_type: 'error',
        ename: ZERO.ename,
        evalue: ZERO.evalue,
        traceback: ZERO.traceback
      });
    }
    executed(cell, false, error);
    expect(runs()).toMatchObject([
      { status: 'error', success: false, error: ZERO_ERROR }
    ]);
  });

  it('that nobody tells of is taken for not reached', () => {
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    executed(cell, false);
    expect(statuses()).toEqual(['aborted']);
  });

  it('of an interrupt is one, and those behind it were not reached', () => {
    const { cells, requests } = start(2);
    const ename = 'KeyboardInterrupt';
    answer(requests[0], { ...ZERO, ename, evalue: '', traceback: [] });
    executed(cells[0], false, { errorName: ename, errorValue: '' });
    stage.kernel.say(requests[1], 'execute_reply', { status: 'aborted' });
    stage.kernel.idle(requests[1]);
    executed(cells[1], false);
    expect(runs()).toMatchObject([
      { status: 'error', error: { name: 'KeyboardInterrupt' } },
      { status: 'aborted', error: null }
    ]);
  });

  it('after which the kernel is not idle for those behind it ends them too, once', () => {
    jest.useFakeTimers();
    const { cells, requests } = start(3);
    answer(requests[0], ZERO);
    executed(cells[0], false);
    jest.advanceTimersByTime(5_000);
    for (const request of requests.slice(1)) {
      stage.kernel.say(request, 'execute_reply', { status: 'aborted' });
    }
    // Another kernel's idle, and JupyterLab's signal, come a little later.
    executed(cells[1], false);
    jest.advanceTimersByTime(5_000);
    jest.useRealTimers();
    expect(statuses()).toEqual(['error', 'aborted', 'aborted']);
    // The wait for a signal that does not come is no wait of the student's.
    expect(runs()[2].queued_ms).toBe(5_000);
  });

  it('may have texts of any kind', () => {
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    executed(cell, false, {
      errorName: 'E'.repeat(500),
      errorValue: 7,
      traceback: ['a', null, { b: 1 }, 'c']
    });
    expect(runs()).toMatchObject([
      { error: { name: 'E'.repeat(200), value: '', traceback: 'a\nc' } }
    ]);
  });
});
