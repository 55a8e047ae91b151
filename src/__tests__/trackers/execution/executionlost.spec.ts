import type { Cell } from '@jupyterlab/cells';
import { FakeKernel } from '../../kernelfakes';
import { ExecutionStage, ZERO } from './executionstage';

const stage = new ExecutionStage();
const { runs, statuses, scheduled, executed, start, answer, show } = stage;

describe('a kernel that goes away', () => {
  it.each(['restarting', 'autorestarting', 'terminating', 'dead'] as const)(
    'by %s cancels the run under way and those behind it',
    status => {
      const { cells, requests } = start(3);
      stage.kernel.busy(requests[0]);
      show(cells[0], { output_type: 'stream', name: 'stdout', text: 'half' });
      show(cells[1], { output_type: 'stream', name: 'stdout', text: 'old' });
      jest.advanceTimersByTime(70);
      stage.doc.statusChanged.emit(status);
      expect(runs()).toMatchObject([
        {
          status: 'cancelled',
          output: 'half',
          duration_ms: 70,
          success: false
        },
        { status: 'cancelled', output: '', duration_ms: 0, queued_ms: 70 },
        { status: 'cancelled', output: '', duration_ms: 0, queued_ms: 70 }
      ]);
      // JupyterLab sometimes tells of them all the same.
      executed(cells[0], false);
      expect(runs()).toHaveLength(3);
    }
  );

  it('by another page’s restart cancels them too', () => {
    start(2);
    stage.doc.kernelLost.emit();
    expect(statuses()).toEqual(['cancelled', 'cancelled']);
    stage.tracker.dispose();
    const { heard } = stage.doc.kernelLost;
    stage.doc.kernelLost.emit();
    expect(stage.doc.kernelLost.heard).toBe(heard);
  });

  it.each(['idle', 'busy', 'connected', 'unknown'] as const)(
    'is not meant by %s',
    status => {
      start(1);
      stage.doc.statusChanged.emit(status as never);
      expect(runs()).toEqual([]);
    }
  );

  it('is followed by its successor', () => {
    const [cell] = start(1).cells;
    const next = new FakeKernel();
    stage.doc.kernelChanged.emit({ oldValue: stage.kernel, newValue: next });
    expect(statuses()).toEqual(['cancelled']);
    const heard = stage.kernel.anyMessage.heard;
    stage.kernel.request(cell.model.id);
    expect(stage.kernel.anyMessage.heard).toBe(heard);

    stage.doc.kernel = next;
    stage.kernel = next;
    scheduled(cell);
    answer(next.request(cell.model.id), { status: 'ok', execution_count: 1 });
    executed(cell);
    expect(runs()[1]).toMatchObject({ status: 'ok', execution_count: 1 });
  });

  it('is not meant by the end of a restart', () => {
    const { kernel } = stage;
    const { cells } = start(2);
    stage.doc.statusChanged.emit('restarting');
    // Queued, and sent when the kernel is there again.
    scheduled(cells[1]);
    stage.doc.kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    const { id } = cells[1].model;
    answer(kernel.request(id), { status: 'ok', execution_count: 1 });
    executed(cells[1]);
    expect(runs()).toMatchObject([
      { status: 'cancelled' },
      { status: 'cancelled', attempt: 1 },
      { status: 'ok', attempt: 2, execution_count: 1 }
    ]);
  });

  it('does not take away what it had answered', () => {
    const { requests } = start(2);
    answer(requests[0], { status: 'ok', execution_count: 1 });
    stage.doc.statusChanged.emit('dead');
    expect(statuses()).toEqual(['ok', 'cancelled']);
  });

  it.each([
    ['is still to come', null, true],
    ['is dead', 'dead', false]
  ])('%s: what was run is cancelled', (_, status, success) => {
    Object.assign(stage.doc, { kernel: status && { status } });
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    executed(cell, success);
    expect(runs()).toMatchObject([{ status: 'cancelled', duration_ms: 0 }]);
  });

  it('may have none before and none after it', () => {
    stage.doc.kernelChanged.emit({ oldValue: null, newValue: stage.kernel });
    stage.doc.kernelChanged.emit({ oldValue: stage.kernel, newValue: null });
    expect(runs()).toEqual([]);
  });
});

describe('a cell that is run again before it ended', () => {
  it('gives an event for each run, though JupyterLab tells of one', () => {
    const cell = stage.doc.addCell('first');
    scheduled(cell);
    const first = stage.kernel.request(cell.model.id);
    cell.model.sharedModel.setSource('second');
    scheduled(cell);
    const second = stage.kernel.request(cell.model.id);
    answer(first, { status: 'ok', execution_count: 1 });
    answer(second, ZERO);
    executed(cell, false, { errorName: ZERO.ename });
    expect(runs()).toMatchObject([
      { code: 'first', attempt: 1, status: 'ok', execution_count: 1 },
      { code: 'second', attempt: 2, status: 'error', execution_count: 2 }
    ]);
  });

  it('counts once each when JupyterLab tells of both', () => {
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    const first = stage.kernel.request(cell.model.id);
    scheduled(cell);
    const second = stage.kernel.request(cell.model.id);
    stage.kernel.busy(first);
    stage.kernel.say(first, 'execute_reply', {
      status: 'ok',
      execution_count: 1
    });
    executed(cell);
    stage.kernel.idle(first);
    answer(second, { status: 'ok', execution_count: 2 });
    executed(cell);
    expect(runs()).toMatchObject([
      { attempt: 1, execution_count: 1 },
      { attempt: 2, execution_count: 2 }
    ]);
  });
});

describe('a cell that is deleted while it runs', () => {
  it('gives its event when the kernel is done, without its outputs', () => {
    const { cells, requests } = start(1);
    stage.kernel.busy(requests[0]);
    const id = cells[0].model.id;
    stage.doc.model.sharedModel.deleteCell(0);
    Object.assign(cells[0], { isDisposed: true });
    stage.kernel.say(requests[0], 'execute_reply', {
      status: 'ok',
      execution_count: 3
    });
    stage.kernel.idle(requests[0]);
    jest.advanceTimersByTime(0);
    expect(runs()).toMatchObject([
      {
        cell_id: id,
        cell_index: 0,
        status: 'ok',
        execution_count: 3,
        output: '',
        code: '0'
      }
    ]);
  });

  it('has its outputs when it was only moved', () => {
    const { cells, requests } = start(2);
    stage.kernel.busy(requests[0]);
    const id = cells[0].model.id;
    // JupyterLab makes another model and another widget, with the same id.
    stage.doc.model.sharedModel.moveCell(0, 1);
    Object.assign(cells[0], { isDisposed: true });
    stage.kernel.say(requests[0], 'execute_reply', { status: 'ok' });
    stage.kernel.idle(requests[0]);
    const moved = { model: stage.doc.model.cells.get(1) } as Cell;
    expect(moved.model.id).toBe(id);
    show(moved, { output_type: 'stream', name: 'stdout', text: 'late' });
    jest.advanceTimersByTime(0);
    expect(runs()).toMatchObject([{ cell_id: id, output: 'late' }]);
  });

  it('is told of once when the session ends in the same turn', () => {
    const { cells, requests } = start(1);
    Object.assign(cells[0], { isDisposed: true });
    answer(requests[0], { status: 'ok' });
    stage.tracker.dispose();
    jest.advanceTimersByTime(1000);
    expect(statuses()).toEqual(['ok']);
  });

  it('is cancelled with the kernel', () => {
    const { cells, requests } = start(1);
    stage.kernel.busy(requests[0]);
    stage.doc.model.sharedModel.deleteCell(0);
    Object.assign(cells[0], { isDisposed: true });
    stage.doc.statusChanged.emit('dead');
    expect(runs()).toMatchObject([{ status: 'cancelled', output: '' }]);
  });
});

it('messages of requests that are not ours mean nothing', () => {
  const { cells } = start(1);
  const stranger = stage.kernel.request('another cell');
  answer(stranger, ZERO);
  stage.kernel.say('', 'status', { execution_state: 'idle' });
  executed(cells[0]);
  expect(statuses()).toEqual(['ok']);
});
