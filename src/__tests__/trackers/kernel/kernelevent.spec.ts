import { KernelEventStage } from './kerneleventstage';

const stage = new KernelEventStage();
const { say } = stage;

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
    expect(stage.doc.events).toEqual([
      [
        'test_failed',
        {
          test: 'adds',
          cell_id: null,
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
        {
          test: 'adds',
          cell_id: null,
          attempt: 2,
          duration_ms: 2,
          error: null
        }
      ],
      [
        'test_passed',
        {
          test: 'other',
          cell_id: null,
          attempt: 1,
          duration_ms: 0,
          error: null
        }
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
    expect(stage.doc.all('test_failed')).toMatchObject([event]);
  });

  it('cannot name its attempt or the student', () => {
    say({
      event: 'test_passed',
      student_id: 'EVE',
      host: 'https://evil.example',
      properties: { test: 'x', attempt: 99, student_id: 'EVE', seq: 7 }
    });
    expect(stage.doc.all('test_passed')).toEqual([
      { test: 'x', cell_id: null, attempt: 1, duration_ms: 0, error: null }
    ]);
  });

  it('names the cell as the event of its run does, wherever that is by now', () => {
    const cell = stage.doc.addCell('check()');
    cell.model.setMetadata('ipynb_telemetry_id', 'exercise-1');
    const told = stage.doc.context.placeOf(cell.model).cell_id;
    const properties = { test: 'x', cell_id: cell.model.id };
    say({ event: 'test_passed', properties });
    stage.doc.model.sharedModel.deleteCell(0);
    say({ event: 'test_passed', properties });
    expect(told).toBe('exercise-1');
    expect(stage.doc.all('test_passed')).toMatchObject([
      { cell_id: told },
      { cell_id: told }
    ]);
  });

  it.each([
    [undefined, null],
    [null, null],
    ['', null],
    [7, null],
    [['a'], null],
    ['x'.repeat(201), null],
    ['source-0123456789ab', 'source-0123456789ab'],
    ['/home/ann/x.ipynb?token=secret', '…/x.ipynb?token=…']
  ])('of the cell %p has the id %p', (cell_id, known) => {
    say({ event: 'test_passed', properties: { test: 'x', cell_id } });
    expect(stage.doc.all('test_passed')).toMatchObject([{ cell_id: known }]);
    expect(stage.warn).not.toHaveBeenCalled();
  });

  it('shows no more of an error than the settings let', () => {
    stage.doc.rules = { ...stage.doc.rules, captureOutput: false };
    say({
      event: 'test_failed',
      properties: {
        test: 'x',
        error: { name: 'KeyError', value: 'secret', traceback: 'secret' }
      }
    });
    expect(JSON.stringify(stage.doc.events)).not.toContain('secret');
    expect(JSON.stringify(stage.doc.events)).toContain('KeyError');
  });
});

describe('a test without a decorator', () => {
  const result = (source: unknown): object => ({
    event: 'test_passed',
    source,
    properties: { test: 'x', duration_ms: 0 }
  });

  it('goes without its source, and only while that is not switched off', () => {
    stage.doc.rules = {
      ...stage.doc.rules,
      disabledTestSources: new Set(['otter'])
    };
    ['otter', 'doctest', undefined].forEach(source => say(result(source)));
    stage.doc.rules = { ...stage.doc.rules, disabledTestSources: new Set() };
    say(result('otter'));
    const passed = { test: 'x', cell_id: null, duration_ms: 0, error: null };
    expect(stage.doc.all('test_passed')).toEqual([
      { ...passed, attempt: 1 },
      { ...passed, attempt: 2 },
      { ...passed, attempt: 3 }
    ]);
    expect(stage.warn).not.toHaveBeenCalled();
  });
});

describe('a marked cell', () => {
  it('is an event like any other of the catalogue', () => {
    say({ event: 'cell_marked', properties: { cell_id: '/home/ann/x.csv' } });
    say({ event: 'cell_marked', properties: { cell_id: 'a', n: 1 } });
    say({ event: 'cell_marked' });
    expect(stage.doc.events).toEqual([['cell_marked', { cell_id: '…/x.csv' }]]);
    expect(stage.warn).toHaveBeenCalled();
  });
});

describe('a custom event', () => {
  it('is handed on', () => {
    say({ event: 'quiz_done', properties: { cell_id: 'a', n: 1 } });
    expect(stage.doc.events).toEqual([['quiz_done', { cell_id: 'a', n: 1 }]]);
  });

  it('tells no code where code may not be told', () => {
    const marked = {
      event: 'cell_marked',
      properties: { cell_id: 'a', code_preview: 'x = 1' }
    };
    say(marked);
    stage.doc.rules = { ...stage.doc.rules, captureCode: false };
    say(marked);
    // The names are the caller's own elsewhere.
    say({ ...marked, event: 'snippet' });
    expect(stage.doc.events).toEqual([
      ['cell_marked', marked.properties],
      ['cell_marked', { cell_id: 'a' }],
      ['snippet', marked.properties]
    ]);
  });

  it('tells no place', () => {
    say({ event: 'opened', properties: { path: '/home/ann/x.csv' } });
    say({ event: 'test_passed', properties: { test: 'reads /tmp/a/b' } });
    expect(stage.doc.events).toMatchObject([
      ['opened', { path: '…/x.csv' }],
      ['test_passed', { test: 'reads …/b' }]
    ]);
  });

  it('is none of the catalogue', () => {
    const record = jest
      .spyOn(stage.doc.context, 'record')
      .mockReturnValue(false);
    say({ event: 'session_ended', properties: {} });
    // A custom event of such a name is refused.
    expect(record.mock.calls).toEqual([
      [{ name: 'session_ended', properties: {}, isCustom: true }]
    ]);
    expect(stage.doc.events).toEqual([]);
  });
});

describe('an event that the kernel numbers', () => {
  const uuid = '01a210ca-ff51-7000-a16b-75fe94636228';
  const recorded = (): [name: string, origin: unknown][] => {
    const { record } = stage.doc.context;
    return jest
      .mocked(record)
      .mock.calls.map(([{ name, origin }]) => [
        name,
        { uuid: origin?.uuid, timestamp: origin?.timestamp }
      ]);
  };
  beforeEach(() => {
    jest.setSystemTime(Date.UTC(2026, 2, 1, 10));
    jest.spyOn(stage.doc.context, 'record').mockReturnValue(true);
  });

  it.each([
    [0, '2026-03-01T10:00:00.000Z'],
    [90_000, '2026-03-01T09:58:30.000Z'],
    [-1, '2026-03-01T10:00:00.000Z'],
    ['old', '2026-03-01T10:00:00.000Z'],
    [1e300, '2025-03-01T10:00:00.000Z']
  ])('of the age %j has a time by this clock', (age_ms, timestamp) => {
    say({ event: 'mark', properties: {}, number: 1, uuid, age_ms });
    say({
      event: 'test_passed',
      properties: { test: 'x' },
      number: 2,
      uuid,
      age_ms
    });
    expect(recorded()).toEqual([
      ['mark', { uuid, timestamp }],
      ['test_passed', { uuid, timestamp }]
    ]);
  });

  it('may be that others are lost', () => {
    const properties = { count: 3, reason: 'anything' };
    say({ event: 'events_dropped', properties, number: 1, uuid, age_ms: 0 });
    expect(jest.mocked(stage.doc.context.record).mock.calls).toMatchObject([
      [{ name: 'events_dropped', properties: { count: 3, reason: 'rate' } }]
    ]);
  });
});

it('keeps of the name of a test no more than is told', () => {
  const next = jest.spyOn(stage.doc.context.counts.tests, 'next');
  const test = 'x'.repeat(50_000);
  say({ event: 'test_passed', properties: { test } });
  say({ event: 'test_passed', properties: { test: `${test}y` } });
  expect(next.mock.calls).toEqual([['x'.repeat(200)], ['x'.repeat(200)]]);
  expect(stage.doc.all('test_passed')).toMatchObject([
    { attempt: 1 },
    { attempt: 2 }
  ]);
});

it('is silent when disposed', () => {
  say({ event: 'quiz', properties: {} });
  stage.tracker.dispose();
  const { heard } = stage.doc.kernelMessages;
  say({ event: 'quiz', properties: {} });
  expect(stage.doc.events).toHaveLength(1);
  expect(stage.doc.kernelMessages.heard).toBe(heard);
  expect(stage.tracker.isDisposed).toBe(true);
});
