import type { IDisposable } from '@lumino/disposable';
import { sessionTracker } from '../../trackers/session';
import { ListenerCount } from '../listeners';
import { FakeDocument } from '../notebookfakes';

let doc: FakeDocument;
let tracker: IDisposable | null;
let listeners: ListenerCount;

function start(): void {
  tracker = sessionTracker(doc.context);
}
const sign = (type: string): void => {
  const [view] = doc.views.all;
  view.node.dispatchEvent(new Event(type));
};

beforeEach(() => {
  jest.useFakeTimers();
  doc = new FakeDocument();
  doc.addView();
  tracker = null;
  listeners = new ListenerCount();
});

afterEach(() => {
  tracker?.dispose();
  listeners.restore();
  doc.dispose();
  jest.useRealTimers();
});

describe('session_started', () => {
  it('tells of the kernel, the notebook and the application', () => {
    doc.addCell('x');
    doc.addCell('# y', 'markdown');
    start();
    expect(doc.events).toEqual([
      [
        'session_started',
        {
          kernel: 'python3',
          language: 'python',
          cell_count: 2,
          app: 'lab',
          app_version: '4.6.6',
          extension_version: '0.1.0'
        }
      ]
    ]);
  });

  it('names the kernel asked for while there is none', () => {
    doc.kernel = null;
    start();
    expect(doc.all('session_started')).toMatchObject([
      { kernel: 'preferred', language: expect.any(String) }
    ]);
  });
});

describe('session_ended', () => {
  const ended = (): Record<string, unknown> => {
    tracker?.dispose();
    const { properties, active_ms } = doc.payloads.at(-1)!;
    return { ...properties, active_ms };
  };

  it('tells how long it was, and comes once', () => {
    start();
    jest.advanceTimersByTime(10_000);
    expect(ended()).toEqual({ duration_ms: 10_000, active_ms: 10_000 });
    tracker?.dispose();
    expect(doc.all('session_ended')).toHaveLength(1);
  });

  it.each(['keydown', 'pointerdown', 'pointermove', 'wheel'])(
    'counts time between signs of work: %s',
    type => {
      start();
      for (let minute = 0; minute < 10; minute++) {
        jest.advanceTimersByTime(50_000);
        sign(type);
      }
      expect(ended()).toEqual({ duration_ms: 500_000, active_ms: 500_000 });
    }
  );

  it('counts a minute of a longer pause', () => {
    start();
    jest.advanceTimersByTime(3_600_000);
    sign('keydown');
    jest.advanceTimersByTime(5_000);
    sign('keydown');
    jest.advanceTimersByTime(3_600_000);
    expect(ended()).toEqual({ duration_ms: 7_205_000, active_ms: 125_000 });
  });

  it('lasts though the machine slept', () => {
    start();
    // Asleep, only the wall clock goes on.
    jest.setSystemTime(Date.now() + 3_600_000);
    jest.advanceTimersByTime(1_000);
    expect(ended()).toEqual({ duration_ms: 3_601_000, active_ms: 1_000 });
  });

  it('lasts no less than nothing when the clock is set back', () => {
    start();
    jest.setSystemTime(Date.now() - 3_600_000);
    expect(ended()).toMatchObject({ duration_ms: 0 });
  });

  it('counts signs in a view that came later', () => {
    start();
    const second = doc.addView();
    for (let i = 0; i < 4; i++) {
      jest.advanceTimersByTime(30_000);
      second.node.dispatchEvent(new Event('keydown'));
    }
    expect(ended()).toMatchObject({ active_ms: 120_000 });
  });
});

it('counts the signs up to each event, and never fewer than before', () => {
  start();
  const told = (): void => {
    doc.context.record({ name: 'blur', properties: { reason: 'tab' } });
  };
  jest.advanceTimersByTime(40_000);
  told();
  told();
  // The pause is over, and no event is a sign.
  jest.advanceTimersByTime(3_600_000);
  told();
  sign('keydown');
  jest.advanceTimersByTime(5_000);
  told();
  expect(doc.payloads.map(({ active_ms }) => active_ms)).toEqual([
    0, 40_000, 40_000, 60_000, 65_000
  ]);
});

it('leaves no listener behind', () => {
  start();
  expect(listeners.left).toHaveLength(4);
  doc.addView();
  expect(listeners.left).toHaveLength(8);
  tracker?.dispose();
  expect(listeners.left).toEqual([]);
  sign('keydown');
  expect(doc.events).toHaveLength(2);
});
