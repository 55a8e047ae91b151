import type { CodeCellModel } from '@jupyterlab/cells';
import { actions, FakeDocument } from '../../notebookfakes';
import { ExecutionStage } from './executionstage';

const stage = new ExecutionStage();
const { runs, scheduled, executed } = stage;

describe('a run that ends well', () => {
  it('is one event with all there is to know', () => {
    stage.doc.addCell('# Title', 'markdown');
    const cell = stage.doc.addCell('print(1)');
    scheduled(cell);
    const request = stage.kernel.request(cell.model.id);
    jest.advanceTimersByTime(300);
    stage.kernel.busy(request);
    jest.advanceTimersByTime(200);
    (cell.model as CodeCellModel).outputs.add({
      output_type: 'stream',
      name: 'stdout',
      text: '1\n'
    });
    stage.kernel.say(request, 'execute_reply', {
      status: 'ok',
      execution_count: 7
    });
    stage.kernel.idle(request);
    jest.advanceTimersByTime(50);
    executed(cell);
    expect(stage.doc.events).toEqual([
      [
        'cell_executed',
        {
          cell_id: cell.model.id,
          cell_index: 1,
          execution_count: 7,
          code: 'print(1)',
          output: '1\n',
          success: true,
          status: 'ok',
          error: null,
          duration_ms: 200,
          queued_ms: 300,
          attempt: 1,
          truncated: false
        }
      ]
    ]);
  });

  it('is timed by the kernel where it tells', () => {
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    const request = stage.kernel.request(cell.model.id);
    stage.kernel.busy(request);
    jest.advanceTimersByTime(5000);
    stage.kernel.say(
      request,
      'execute_reply',
      { status: 'ok' },
      { started: '2024-01-01T00:00:00.000Z', date: '2024-01-01T00:00:01.250Z' }
    );
    executed(cell);
    expect(runs()).toMatchObject([{ duration_ms: 1250, queued_ms: 0 }]);
  });

  it('is timed though its echo was lost', () => {
    const cell = stage.doc.addCell('x');
    scheduled(cell);
    const request = stage.kernel.request(cell.model.id);
    jest.advanceTimersByTime(100);
    stage.kernel.say(request, 'status', { execution_state: 'busy' });
    jest.advanceTimersByTime(400);
    stage.kernel.say(request, 'execute_reply', { status: 'ok' });
    executed(cell);
    expect(runs()).toMatchObject([{ duration_ms: 400, queued_ms: 100 }]);
  });

  it.each([-1, 1e300, 1.5, '7', null])(
    'has no count where the kernel counts %j',
    count => {
      const { cells, requests } = stage.start(1);
      stage.answer(requests[0], { status: 'ok', execution_count: count });
      cells[0].model.sharedModel.setSource('');
      executed(cells[0]);
      expect(runs()).toMatchObject([{ status: 'ok', execution_count: null }]);
    }
  );

  it('is timed by the signals when no kernel message is seen', () => {
    const [first, second] = [stage.doc.addCell('x'), stage.doc.addCell('y')];
    scheduled(first);
    scheduled(second);
    jest.advanceTimersByTime(100);
    executed(first);
    jest.advanceTimersByTime(300);
    executed(second);
    expect(runs()).toMatchObject([
      { duration_ms: 100, queued_ms: 0 },
      { duration_ms: 300, queued_ms: 100 }
    ]);
  });

  it('leaves the metadata of the notebook alone', () => {
    const cell = stage.doc.addCell('x');
    const before = JSON.stringify(stage.doc.model.toJSON());
    scheduled(cell);
    executed(cell);
    expect(JSON.stringify(stage.doc.model.toJSON())).toBe(before);
  });

  it('counts the attempts at each cell', () => {
    const [first, second] = [stage.doc.addCell('x'), stage.doc.addCell('y')];
    for (const cell of [first, second, first, first]) {
      scheduled(cell);
      executed(cell);
    }
    expect(runs().map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3]);
  });

  it('has the code that was run, and the place where it was', () => {
    const cell = stage.doc.addCell('before');
    scheduled(cell);
    cell.model.sharedModel.setSource('after');
    stage.doc.model.sharedModel.insertCell(0, {
      cell_type: 'code',
      source: ''
    });
    executed(cell);
    expect(runs()).toMatchObject([{ code: 'before', cell_index: 0 }]);
  });
});

describe('what is no run', () => {
  it.each([
    ['an empty cell', '', 'code'],
    ['a blank cell', ' \n\t', 'code'],
    ['a markdown cell', '# Title', 'markdown'],
    ['a raw cell', 'raw', 'raw']
  ])('%s', (_, source, type) => {
    const cell = stage.doc.addCell(source, type);
    scheduled(cell);
    executed(cell);
    expect(stage.doc.events).toEqual([]);
  });

  it('a run in another notebook', () => {
    const other = new FakeDocument();
    const { content } = other.addView();
    const cell = other.addCell('x');
    actions.scheduled(content, cell);
    actions.executed(content, cell, true);
    expect(stage.doc.events).toEqual([]);
    other.dispose();
  });

  it('an end without a beginning', () => {
    executed(stage.doc.addCell('x'));
    expect(stage.doc.events).toEqual([]);
  });
});

describe('several views', () => {
  it('count a run once, in whichever it was started', () => {
    const second = stage.doc.addView();
    const cell = stage.doc.addCell('x');
    actions.scheduled(second.content, cell);
    actions.executed(second.content, cell, true);
    expect(runs()).toHaveLength(1);
  });
});

it('500 cells under Run All are 500 events in order', () => {
  const cells = Array.from({ length: 500 }, (_, i) =>
    stage.doc.addCell(`${i}`)
  );
  cells.forEach(scheduled);
  const requests = cells.map(cell => stage.kernel.request(cell.model.id));
  cells.forEach((cell, i) => {
    stage.kernel.busy(requests[i]);
    stage.kernel.say(requests[i], 'execute_reply', { status: 'ok' });
    stage.kernel.idle(requests[i]);
    executed(cell);
  });
  expect(runs().map(({ code }) => code)).toEqual(cells.map((_, i) => `${i}`));
  expect(runs().every(({ status }) => status === 'ok')).toBe(true);
});
