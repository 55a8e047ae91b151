import type { IDisposable } from '@lumino/disposable';
import type { KernelMessage } from '@jupyterlab/services';
import type { EventName } from '../../../events/catalog';
import { executionTracker } from '../../../trackers/execution/execution';
import { kernelEventTracker } from '../../../trackers/kernel/kernelevent';
import { actions, FakeDocument } from '../../notebookfakes';

const ERROR = {
  name: 'ValueError',
  value: 'bad',
  traceback: 'Traceback\n  secret_call()\nValueError: bad'
};

let doc: FakeDocument;
let tracker: IDisposable;
let warn: jest.SpyInstance;
let nth: number;

/** A uuid of version 4, a new one each time. */
const uuid = (): string =>
  `08b5a03e-edc1-43c5-9a41-${String(++nth).padStart(12, '0')}`;

function say(data: object): void {
  const whole = {
    buffered: true,
    uuid: uuid(),
    timestamp: '2024-02-29T23:59:59.007Z',
    ...data
  };
  doc.kernelMessages.emit({
    content: { comm_id: 'c', data: whole }
  } as unknown as KernelMessage.ICommMsgMsg);
}

/** The kernel reports a run. */
function run(properties: object = {}, data: object = {}): void {
  say({
    event: 'cell_executed',
    properties: {
      cell_id: 'unheard-of',
      execution_count: 1,
      code: 'x',
      output: '',
      success: true,
      status: 'ok',
      error: null,
      duration_ms: 1,
      queued_ms: 0,
      attempt: 7,
      truncated: false,
      ...properties
    },
    ...data
  });
}

const runs = (): Record<string, unknown>[] => doc.all('cell_executed');

beforeEach(() => {
  jest.useFakeTimers();
  nth = 0;
  warn = jest.spyOn(console, 'warn').mockReturnValue();
  doc = new FakeDocument();
  doc.isCalled = true;
  tracker = kernelEventTracker(doc.context);
});

afterEach(() => {
  tracker.dispose();
  doc.dispose();
  warn.mockRestore();
  jest.useRealTimers();
});

describe('a run that the kernel reports', () => {
  it('is an event with its own uuid and time', () => {
    run({}, { uuid: '0aaaaaaa-edc1-53c5-9a41-e567224b79d2' });
    expect(doc.payloads).toMatchObject([
      {
        uuid: '0aaaaaaa-edc1-53c5-9a41-e567224b79d2',
        timestamp: '2024-02-29T23:59:59.007Z',
        seq: 1,
        properties: { code: 'x', cell_index: -1, status: 'ok' }
      }
    ]);
  });

  it('has its place in the notebook, and is counted with the others', () => {
    doc.addCell('first');
    const { id } = doc.addCell('second').model;
    run({ cell_id: id, cell_index: 40 });
    run({ cell_id: id });
    expect(runs().map(p => [p.cell_id, p.cell_index, p.attempt])).toEqual([
      [id, 1, 1],
      [id, 1, 2]
    ]);
    const executions = executionTracker(doc.context);
    const view = doc.addView();
    const cell = doc.addCell('third');
    run({ cell_id: cell.model.id });
    actions.scheduled(view.content, cell);
    actions.executed(view.content, cell, true);
    executions.dispose();
    expect(runs().map(p => p.attempt)).toEqual([1, 2, 1, 2]);
  });

  it('may be of no cell that is known', () => {
    run({ cell_id: null });
    expect(runs()).toMatchObject([
      { cell_id: null, cell_index: -1, attempt: 1 }
    ]);
  });

  it('is left to the page where the flag counts', () => {
    doc.isCalled = false;
    run();
    expect(doc.events).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
    say({ event: 'test_passed', properties: { test: 'adds' } });
    expect(doc.all('test_passed')).toHaveLength(1);
  });

  it('counts only when it was buffered', () => {
    const record = jest.spyOn(doc.context, 'record').mockReturnValue(false);
    run({}, { buffered: false });
    run({}, { buffered: 'yes' });
    expect(record.mock.calls.map(([event]) => event.isCustom)).toEqual([
      true,
      true
    ]);
    expect(doc.events).toEqual([]);
  });

  it.each([
    ['an unknown property', { prompt: 'x' }],
    ['a code that is no text', { code: 7 }],
    ['an output that is no text', { output: ['x'] }],
    ['an error that is a text', { error: 'x' }],
    ['a status nobody knows', { status: 'fine' }],
    ['a cell id that is no text', { cell_id: 7 }],
    ['a truncated that is no answer', { truncated: 'no' }]
  ])('with %s is refused', (_, properties) => {
    const refused = jest.spyOn(doc.context, 'record');
    run(properties);
    expect(refused.mock.results).toMatchObject([{ type: 'throw' }]);
    expect(doc.events).toEqual([]);
  });
});

describe('the settings', () => {
  const failed = {
    code: 'secret_call()',
    output: `before\n${ERROR.traceback}\n`,
    success: false,
    status: 'error',
    error: ERROR
  };

  it('let the whole run out', () => {
    run(failed);
    expect(runs()).toMatchObject([{ ...failed, truncated: false }]);
  });

  it('may keep the code in, also where an error quotes it', () => {
    doc.rules = { ...doc.rules, captureCode: false };
    run(failed);
    run({ ...failed, output: 'a secret_call() in another form' });
    expect(runs()).toMatchObject([
      { output: 'before\nValueError: bad\n' },
      { output: 'ValueError: bad' }
    ]);
    expect(JSON.stringify(runs())).not.toContain('secret');
    expect(runs()[0]).not.toHaveProperty('code');
  });

  it('may keep the output in', () => {
    doc.rules = { ...doc.rules, captureOutput: false };
    run(failed);
    expect(runs()).toMatchObject([
      { code: failed.code, error: { name: 'ValueError', value: '' } }
    ]);
    expect(runs()[0]).not.toHaveProperty('output');
  });

  it('cut what is longer', () => {
    doc.rules = { ...doc.rules, maxCharacters: 4 };
    run({ code: '12345', output: '12345' });
    run({ code: '1234', output: '\u001b[m1234' });
    expect(runs().map(p => [p.code, p.output, p.truncated])).toEqual([
      ['1234', '1234', true],
      ['1234', '1234', false]
    ]);
    run({ truncated: true });
    expect(runs()[2]).toMatchObject({ truncated: true });
  });

  it('let no folder out with an output', () => {
    run({ output: 'in /home/ann/course/D1.py' });
    expect(runs()[0].output).toBe('in …/D1.py');
  });
});

describe('other events that the kernel kept', () => {
  it.each<[string, object]>([
    ['quiz_done', { score: 3 }],
    ['test_passed', { test: 'adds', duration_ms: 3, error: null }],
    ['test_failed', { test: 'adds', duration_ms: 3, error: ERROR }]
  ])('as %s keep their uuid and time', (event, properties) => {
    say({ event, properties });
    expect(doc.payloads).toMatchObject([
      {
        event_type: event,
        uuid: '08b5a03e-edc1-43c5-9a41-000000000001',
        timestamp: '2024-02-29T23:59:59.007Z',
        properties
      }
    ]);
  });

  it('say how many did not fit', () => {
    say({ event: 'events_dropped', properties: { count: 3, reason: 'rate' } });
    expect(doc.all('events_dropped')).toEqual([{ count: 3, reason: 'rate' }]);
  });

  it('claim no loss of this page', () => {
    say({
      event: 'events_dropped',
      properties: { count: 3, reason: 'storage' }
    });
    expect(doc.all('events_dropped')).toEqual([{ count: 3, reason: 'rate' }]);
  });

  it('are none of the page', () => {
    const record = jest.spyOn(doc.context, 'record').mockReturnValue(false);
    for (const event of ['session_started', 'paste', 'blur'] as EventName[]) {
      say({ event, properties: {} });
    }
    expect(record.mock.calls.map(([event]) => event.isCustom)).toEqual([
      true,
      true,
      true
    ]);
    expect(doc.events).toEqual([]);
  });

  it('all fit, beside what the kernel says at that moment', () => {
    for (let i = 0; i < 1_000; i++) {
      say({ event: 'quiz', properties: {}, buffered: false });
    }
    for (let i = 0; i < 1_001; i++) {
      run();
    }
    expect([doc.all('cell_executed').length, doc.events.length]).toEqual([
      1_001, 2_001
    ]);
    for (let i = 0; i < 2_000; i++) {
      run();
    }
    expect(doc.all('cell_executed').length).toBeLessThan(2_100);
  });
});
