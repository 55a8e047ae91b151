import { KernelEventStage } from './kerneleventstage';

const stage = new KernelEventStage();
const { say } = stage;

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
    expect(stage.thrown).toEqual([]);
    expect(stage.doc.events).toEqual([]);
    expect(stage.warn).toHaveBeenCalledTimes(1);

    say({ event: 'test_passed', properties: { test: 'still here' } });
    expect(stage.doc.events).toHaveLength(1);
  });

  it('does not include the greeting of the kernel', () => {
    say({ ready: true, version: 1 });
    expect(stage.doc.events).toEqual([]);
    expect(stage.warn).not.toHaveBeenCalled();
  });
});

describe('an event of the kernel side that is refused', () => {
  const NUMBERED = {
    number: 1,
    uuid: '01a210ca-ff51-7000-a16b-75fe94636228',
    timestamp: '2026-03-01T10:00:00.000Z'
  };
  let told: [name: string, properties: unknown][];
  beforeEach(() => {
    told = [];
    jest.spyOn(stage.doc.context, 'record').mockImplementation(event => {
      told.push([event.name, event.properties]);
      event.origin?.onRefused?.();
      return false;
    });
  });

  it.each([
    ['by the recorder', { event: 'quiz', properties: [1] }, 1],
    ['as too long', { event: 'quiz', properties: 'x'.repeat(200_000) }, 0],
    ['as nameless', { properties: {} }, 0],
    ['as a test without a name', { event: 'test_passed' }, 0],
    ['as one that was kept', { event: 'quiz', buffered: true }, 1],
    ['as a loss without a count', { event: 'events_dropped' }, 1]
  ])('%s, is told as missing', (_, data, recorded) => {
    say({ ...NUMBERED, ...data });
    say({ ...NUMBERED, ...data });
    expect(told).toHaveLength(2 * recorded);
    jest.advanceTimersByTime(1_000);
    expect(told.slice(2 * recorded)).toEqual([
      ['events_dropped', { count: 2, reason: 'invalid' }]
    ]);
    // A loss that is refused would be told for ever.
    jest.advanceTimersByTime(60_000);
    expect(told).toHaveLength(2 * recorded + 1);
  });

  it('is told apart from a flood', () => {
    for (let i = 0; i < 1_003; i++) {
      say({ ...NUMBERED, event: 'quiz', age_ms: 0 });
    }
    told = [];
    stage.tracker.dispose();
    expect(told).toEqual([
      ['events_dropped', { count: 1_000, reason: 'invalid' }],
      ['events_dropped', { count: 3, reason: 'rate' }]
    ]);
  });

  it('is not told of where nobody but a cell may have said it', () => {
    say({ event: 'quiz', properties: [1] });
    say({ event: 5 });
    told = [];
    jest.advanceTimersByTime(1_000);
    expect(told).toEqual([]);
  });
});

describe('the rate', () => {
  const flood = (count: number): void => {
    for (let i = 0; i < count; i++) {
      say({ event: 'quiz', properties: { i } });
    }
  };
  const passed = (): number =>
    stage.doc.events.filter(([name]) => name === 'quiz').length;

  it('allows a burst of 1,000 and 50 a second for ever', () => {
    flood(1_500);
    expect(passed()).toBe(1_000);
    expect(stage.warn).toHaveBeenCalledTimes(1);

    jest.advanceTimersByTime(1_000);
    flood(100);
    expect(passed()).toBe(1_050);

    for (let second = 0; second < 60; second++) {
      jest.advanceTimersByTime(1_000);
      flood(50);
    }
    expect(passed()).toBe(4_050);
    expect(stage.warn).toHaveBeenCalledTimes(1);
  });

  it('saves no more than one burst up', () => {
    jest.advanceTimersByTime(3_600_000);
    flood(1_500);
    expect(passed()).toBe(1_000);
  });

  it('leaves word of what it cost, before the next event and at the end', () => {
    flood(1_500);
    expect(stage.doc.all('events_dropped')).toEqual([]);
    jest.advanceTimersByTime(1_000);
    flood(70);
    expect(stage.doc.all('events_dropped')).toEqual([
      { count: 500, reason: 'rate' }
    ]);
    expect(
      stage.doc.events.map(([name]) => name).indexOf('events_dropped')
    ).toBe(1_000);
    stage.tracker.dispose();
    stage.tracker.dispose();
    expect(stage.doc.all('events_dropped').slice(1)).toEqual([
      { count: 20, reason: 'rate' }
    ]);
  });
});
