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
