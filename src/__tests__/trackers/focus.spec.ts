import type { IDisposable } from '@lumino/disposable';
import type { CapturedEvent } from '../../events/payload';
import { focusTracker } from '../../trackers/focus';
import { ListenerCount } from '../listeners';
import { FakeDocument } from '../notebookfakes';

let doc: FakeDocument;
let tracker: IDisposable;
let listeners: ListenerCount;
let record: jest.SpyInstance<boolean, [CapturedEvent]>;
const page = { hidden: false, focused: true };

/** As a browser does it: the state changes, then the event comes. */
function leave(how: 'page' | 'window' | 'tab'): void {
  if (how === 'page') {
    page.hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
  } else if (how === 'window') {
    page.focused = false;
    window.dispatchEvent(new Event('blur'));
  } else {
    doc.isCurrent = false;
    doc.currentChanged.emit(null);
  }
}

function comeBack(how: 'page' | 'window' | 'tab'): void {
  if (how === 'page') {
    page.hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
  } else if (how === 'window') {
    page.focused = true;
    window.dispatchEvent(new Event('focus'));
  } else {
    doc.isCurrent = true;
    doc.currentChanged.emit(null);
  }
}

/** The timestamps of the events. */
function moments(): (number | undefined)[] {
  return record.mock.calls.map(([event]) =>
    event.isCustom ? undefined : event.at
  );
}

function away(): number {
  const [left = NaN, back = NaN] = moments();
  return back - left;
}

function settle(): void {
  jest.advanceTimersByTime(1_060);
}

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(page, { hidden: false, focused: true });
  Object.defineProperty(document, 'hidden', {
    configurable: true,
    get: () => page.hidden
  });
  jest.spyOn(document, 'hasFocus').mockImplementation(() => page.focused);
  doc = new FakeDocument();
  record = jest.spyOn(doc.context, 'record');
  listeners = new ListenerCount();
  tracker = focusTracker(doc.context);
});

afterEach(() => {
  tracker.dispose();
  listeners.restore();
  doc.dispose();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('leaving and coming back', () => {
  it.each([
    ['page', 'page_hidden'],
    ['window', 'window'],
    ['tab', 'tab']
  ] as const)('by the %s is two events', (how, reason) => {
    leave(how);
    settle();
    expect(doc.events).toEqual([['blur', { reason }]]);
    jest.advanceTimersByTime(5_000 - 1_060);
    comeBack(how);
    settle();
    expect(doc.events.slice(1)).toEqual([['focus', { reason, away_ms: 5000 }]]);
  });

  it.each([
    ['window', 'page'],
    ['page', 'window']
  ] as const)('by %s and %s at once is one leave', (first, second) => {
    leave(first);
    jest.advanceTimersByTime(20);
    leave(second);
    settle();
    expect(doc.events).toEqual([['blur', { reason: 'page_hidden' }]]);
    comeBack(second);
    jest.advanceTimersByTime(20);
    comeBack(first);
    settle();
    expect(doc.events.map(([name]) => name)).toEqual(['blur', 'focus']);
  });

  it.each([60, 131, 900])(
    'by a browser that hides the page %i ms after the focus is one leave, of that moment',
    ms => {
      const at = Date.now();
      leave('window');
      jest.advanceTimersByTime(ms);
      leave('page');
      // Nothing stronger can come: the reason is told at once.
      jest.advanceTimersByTime(60);
      expect(doc.events).toEqual([['blur', { reason: 'page_hidden' }]]);
      expect(moments()).toEqual([at]);
      settle();
      expect(doc.events).toHaveLength(1);
    }
  );

  it('and back before a browser would have hidden the page is one leave of that length', () => {
    const at = Date.now();
    leave('window');
    jest.advanceTimersByTime(300);
    comeBack('window');
    settle();
    expect(doc.events).toEqual([
      ['blur', { reason: 'window' }],
      ['focus', { reason: 'window', away_ms: 300 }]
    ]);
    expect(moments()).toEqual([at, at + 300]);
  });

  it('just before the notebook is closed is no leave', () => {
    leave('window');
    jest.advanceTimersByTime(300);
    tracker.dispose();
    settle();
    expect(doc.events).toEqual([]);
  });

  it('in less than a moment is neither', () => {
    leave('window');
    jest.advanceTimersByTime(10);
    comeBack('window');
    settle();
    expect(doc.events).toEqual([]);
  });

  it('is over when nothing keeps the notebook from the student', () => {
    leave('tab');
    settle();
    leave('window');
    settle();
    comeBack('window');
    settle();
    expect(doc.events).toEqual([['blur', { reason: 'tab' }]]);
    comeBack('tab');
    settle();
    expect(doc.all('focus')).toMatchObject([{ reason: 'tab' }]);
  });

  describe('lasts as long as the timestamps of the two say,', () => {
    it('though it took longer to leave than to come back', () => {
      leave('window');
      jest.advanceTimersByTime(40);
      leave('page');
      settle();
      comeBack('page');
      comeBack('window');
      settle();
      expect(doc.all('focus')).toMatchObject([{ away_ms: away() }]);
    });

    it('though the machine slept, when performance.now() stands still', () => {
      leave('page');
      settle();
      jest.setSystemTime(Date.now() + 3_600_000);
      comeBack('page');
      settle();
      expect(away()).toBeGreaterThanOrEqual(3_600_000);
      expect(doc.all('focus')).toMatchObject([{ away_ms: away() }]);
    });

    it('unless the clock was set back', () => {
      leave('page');
      settle();
      jest.setSystemTime(Date.now() - 3_600_000);
      comeBack('page');
      settle();
      expect(doc.all('focus')).toMatchObject([{ away_ms: 0 }]);
    });
  });

  it('counts each time away', () => {
    for (let i = 0; i < 3; i++) {
      leave('tab');
      settle();
      comeBack('tab');
      settle();
    }
    expect([doc.all('blur').length, doc.all('focus').length]).toEqual([3, 3]);
  });

  it('is not what happens to a notebook opened in the background', () => {
    tracker.dispose();
    doc.isCurrent = false;
    tracker = focusTracker(doc.context);
    leave('window');
    settle();
    comeBack('window');
    settle();
    expect(doc.events).toEqual([]);
    comeBack('tab');
    settle();
    // Nobody was away from it.
    expect(doc.events).toEqual([]);
    leave('tab');
    settle();
    expect(doc.events).toEqual([['blur', { reason: 'tab' }]]);
  });
});

describe('dispose', () => {
  it('leaves no listener and no timer', () => {
    expect(listeners.left).toEqual(['blur', 'focus', 'visibilitychange']);
    const timers = jest.getTimerCount();
    leave('tab');
    expect(jest.getTimerCount()).toBe(timers + 1);
    tracker.dispose();
    tracker.dispose();
    expect(listeners.left).toEqual([]);
    expect(jest.getTimerCount()).toBe(timers);

    const { heard } = doc.currentChanged;
    (['page', 'window', 'tab'] as const).forEach(leave);
    settle();
    expect(doc.currentChanged.heard).toBe(heard);
    expect(doc.events).toEqual([]);
  });
});
