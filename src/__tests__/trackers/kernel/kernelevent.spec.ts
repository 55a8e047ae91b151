import type { KernelMessage } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import { kernelEventTracker } from '../../../trackers/kernel/kernelevent';
import { FakeDocument } from '../../notebookfakes';

let doc: FakeDocument;
let tracker: IDisposable;
let warn: jest.SpyInstance;
let thrown: Error[];

function say(data: unknown): void {
  doc.kernelMessages.emit({
    content: { comm_id: 'c', data }
  } as unknown as KernelMessage.ICommMsgMsg);
}

beforeEach(() => {
  jest.useFakeTimers();
  thrown = [];
  Signal.setExceptionHandler(error => thrown.push(error));
  warn = jest.spyOn(console, 'warn').mockReturnValue();
  doc = new FakeDocument();
  tracker = kernelEventTracker(doc.context);
});

afterEach(() => {
  tracker.dispose();
  doc.dispose();
  warn.mockRestore();
  jest.useRealTimers();
});

describe('a test result', () => {
  it('is an event, with its attempt', () => {
    const failed = {
      event: 'test_failed',
      properties: {
        test: 'adds',
        duration_ms: 1.5,
        error: {
          name: 'AssertionError',
          value: '2 != 3',
          traceback: 'File "/home/ann/x.py"'
        }
      }
    };
    say(failed);
    say({
      event: 'test_passed',
      properties: { test: 'adds', duration_ms: 2, error: null }
    });
    say({
      event: 'test_passed',
      properties: { test: 'other', duration_ms: 0 }
    });
    expect(doc.events).toEqual([
      [
        'test_failed',
        {
          test: 'adds',
          attempt: 1,
          duration_ms: 1.5,
          error: {
            name: 'AssertionError',
            value: '2 != 3',
            traceback: 'File "…/x.py"'
          }
        }
      ],
      [
        'test_passed',
        { test: 'adds', attempt: 2, duration_ms: 2, error: null }
      ],
      [
        'test_passed',
        { test: 'other', attempt: 1, duration_ms: 0, error: null }
      ]
    ]);
  });

  it.each([
    [{ test: 'x'.repeat(500), duration_ms: 1 }, { test: 'x'.repeat(200) }],
    [{ test: 'x', duration_ms: -1 }, { duration_ms: 0 }],
    [{ test: 'x', duration_ms: '5' }, { duration_ms: 0 }],
    [{ test: 'x' }, { duration_ms: 0, error: null }],
    [
      { test: 'x', error: 'boom' },
      { error: { name: 'Error', value: '', traceback: '' } }
    ],
    [
      { test: 'x', error: { name: 1, value: [], traceback: {} } },
      { error: { name: 'Error', value: '', traceback: '' } }
    ]
  ])('%j is mended', (properties, event) => {
    say({ event: 'test_failed', properties });
    expect(doc.all('test_failed')).toMatchObject([event]);
  });

  it('cannot name its attempt or the student', () => {
    say({
      event: 'test_passed',
      student_id: 'EVE',
      host: 'https://evil.example',
      properties: { test: 'x', attempt: 99, student_id: 'EVE', seq: 7 }
    });
    expect(doc.all('test_passed')).toEqual([
      { test: 'x', attempt: 1, duration_ms: 0, error: null }
    ]);
  });

  it('shows no more of an error than the settings let', () => {
    doc.rules = { ...doc.rules, captureOutput: false };
    say({
      event: 'test_failed',
      properties: {
        test: 'x',
        error: { name: 'KeyError', value: 'secret', traceback: 'secret' }
      }
    });
    expect(JSON.stringify(doc.events)).not.toContain('secret');
    expect(JSON.stringify(doc.events)).toContain('KeyError');
  });
});

describe('a test without a decorator', () => {
  const result = (source: unknown): object => ({
    event: 'test_passed',
    source,
    properties: { test: 'x', duration_ms: 0 }
  });

  it('goes without its source, and only while that is not switched off', () => {
    doc.rules = { ...doc.rules, disabledTestSources: new Set(['otter']) };
    ['otter', 'doctest', undefined].forEach(source => say(result(source)));
    doc.rules = { ...doc.rules, disabledTestSources: new Set() };
    say(result('otter'));
    const passed = { test: 'x', duration_ms: 0, error: null };
    expect(doc.all('test_passed')).toEqual([
      { ...passed, attempt: 1 },
      { ...passed, attempt: 2 },
      { ...passed, attempt: 3 }
    ]);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('a marked cell', () => {
  it('is an event like any other of the catalogue', () => {
    say({ event: 'cell_marked', properties: { cell_id: '/home/ann/x.csv' } });
    say({ event: 'cell_marked', properties: { cell_id: 'a', n: 1 } });
    say({ event: 'cell_marked' });
    expect(doc.events).toEqual([['cell_marked', { cell_id: '…/x.csv' }]]);
    expect(warn).toHaveBeenCalled();
  });
});

describe('a custom event', () => {
  it('is handed on', () => {
    say({ event: 'quiz_done', properties: { cell_id: 'a', n: 1 } });
    expect(doc.events).toEqual([['quiz_done', { cell_id: 'a', n: 1 }]]);
  });

  it('tells no code where code may not be told', () => {
    const marked = {
      event: 'cell_marked',
      properties: { cell_id: 'a', code_preview: 'x = 1' }
    };
    say(marked);
    doc.rules = { ...doc.rules, captureCode: false };
    say(marked);
    // The names are the caller's own elsewhere.
    say({ ...marked, event: 'snippet' });
    expect(doc.events).toEqual([
      ['cell_marked', marked.properties],
      ['cell_marked', { cell_id: 'a' }],
      ['snippet', marked.properties]
    ]);
  });

  it('tells no place', () => {
    say({ event: 'opened', properties: { path: '/home/ann/x.csv' } });
    say({ event: 'test_passed', properties: { test: 'reads /tmp/a/b' } });
    expect(doc.events).toMatchObject([
      ['opened', { path: '…/x.csv' }],
      ['test_passed', { test: 'reads …/b' }]
    ]);
  });

  it('is none of the catalogue', () => {
    const record = jest.spyOn(doc.context, 'record').mockReturnValue(false);
    say({ event: 'session_ended', properties: {} });
    // A custom event of such a name is refused.
    expect(record.mock.calls).toEqual([
      [{ name: 'session_ended', properties: {}, isCustom: true }]
    ]);
    expect(doc.events).toEqual([]);
  });
});

describe('what does not fit', () => {
  const deep = (depth: number): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i++) {
      value = [value];
    }
    return value;
  };

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'test_passed'],
    ['a list', ['test_passed']],
    ['no event', {}],
    ['an event that is no text', { event: { name: 'x' } }],
    ['a test without properties', { event: 'test_passed' }],
    ['a test with a text', { event: 'test_passed', properties: 'x' }],
    ['a test with no name', { event: 'test_passed', properties: { test: '' } }],
    [
      'a test whose name is a list',
      { event: 'test_failed', properties: { test: ['x'] } }
    ],
    [
      'too much',
      {
        event: 'test_failed',
        properties: {
          test: 'cut it would fit',
          error: { name: 'E', value: '', traceback: 'x'.repeat(100_000) }
        }
      }
    ],
    ['too deep', { event: 'quiz', properties: { deep: deep(40_000) } }]
  ])('%s is dropped with one warning', (_, data) => {
    say(data);
    say(data);
    say(data);
    expect(thrown).toEqual([]);
    expect(doc.events).toEqual([]);
    expect(warn).toHaveBeenCalledTimes(1);

    say({ event: 'test_passed', properties: { test: 'still here' } });
    expect(doc.events).toHaveLength(1);
  });

  it('does not include the greeting of the kernel', () => {
    say({ ready: true, version: 1 });
    expect(doc.events).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('the rate', () => {
  const flood = (count: number): void => {
    for (let i = 0; i < count; i++) {
      say({ event: 'quiz', properties: { i } });
    }
  };
  const passed = (): number =>
    doc.events.filter(([name]) => name === 'quiz').length;

  it('allows a burst of 1,000 and 50 a second for ever', () => {
    flood(1_500);
    expect(passed()).toBe(1_000);
    expect(warn).toHaveBeenCalledTimes(1);

    jest.advanceTimersByTime(1_000);
    flood(100);
    expect(passed()).toBe(1_050);

    for (let second = 0; second < 60; second++) {
      jest.advanceTimersByTime(1_000);
      flood(50);
    }
    expect(passed()).toBe(4_050);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('saves no more than one burst up', () => {
    jest.advanceTimersByTime(3_600_000);
    flood(1_500);
    expect(passed()).toBe(1_000);
  });

  it('leaves word of what it cost, before the next event and at the end', () => {
    flood(1_500);
    expect(doc.all('events_dropped')).toEqual([]);
    jest.advanceTimersByTime(1_000);
    flood(70);
    expect(doc.all('events_dropped')).toEqual([{ count: 500, reason: 'rate' }]);
    expect(doc.events.map(([name]) => name).indexOf('events_dropped')).toBe(
      1_000
    );
    tracker.dispose();
    tracker.dispose();
    expect(doc.all('events_dropped').slice(1)).toEqual([
      { count: 20, reason: 'rate' }
    ]);
  });
});

it('is silent when disposed', () => {
  say({ event: 'quiz', properties: {} });
  tracker.dispose();
  const { heard } = doc.kernelMessages;
  say({ event: 'quiz', properties: {} });
  expect(doc.events).toHaveLength(1);
  expect(doc.kernelMessages.heard).toBe(heard);
  expect(tracker.isDisposed).toBe(true);
});
