import { Pause } from '../../runtime/pause';
import type { PausePolicy } from '../../ui/rights';
import { FakeClock } from '../deliverystage';

const SCOPE = 'http://hub.example/|ann';
const KEY = `ipynb-telemetry:pause:${SCOPE}:ANN_LEE`;
const MINUTE = 60_000;

let clock: FakeClock;
let student: string | null;
let policy: PausePolicy;
let pause: Pause;
let changes: number;

function start(storage: Storage | null = localStorage): Pause {
  const made = new Pause({
    scope: SCOPE,
    storage,
    clock,
    student: () => student,
    policy: () => policy
  });
  changes = 0;
  made.changed.connect(() => changes++);
  return made;
}

beforeEach(() => {
  localStorage.clear();
  clock = new FakeClock();
  student = 'ANN_LEE';
  policy = 'allowed';
  pause = start();
});

afterEach(() => pause.dispose());

describe('Pause', () => {
  it('ends by itself after 15 minutes', async () => {
    expect(pause.state).toBeNull();
    pause.begin('minutes15');
    expect(pause.state).toEqual({
      kind: 'minutes15',
      until: clock.now() + 15 * MINUTE
    });
    await clock.advance(15 * MINUTE - 1);
    expect(pause.state).not.toBeNull();
    await clock.advance(1);
    expect(pause.state).toBeNull();
    expect(changes).toBe(2);
  });

  it('lasts three hours at most for a lesson, and without end where the student says when', async () => {
    pause.begin('lesson');
    await clock.advance(180 * MINUTE);
    expect(pause.state).toBeNull();
    pause.begin('open');
    expect(pause.state).toEqual({ kind: 'open', until: null });
    await clock.advance(100 * 24 * 60 * MINUTE);
    expect(pause.state?.kind).toBe('open');
    pause.end();
    expect(pause.state).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('is the same in all windows, and on the next visit', () => {
    const other = start();
    pause.begin('open');
    window.dispatchEvent(
      new StorageEvent('storage', { key: KEY, storageArea: localStorage })
    );
    expect(other.state?.kind).toBe('open');
    expect(start().state?.kind).toBe('open');
    other.end();
    window.dispatchEvent(
      new StorageEvent('storage', { key: KEY, storageArea: localStorage })
    );
    expect(pause.state).toBeNull();
    other.dispose();
  });

  it('is of one student', () => {
    pause.begin('open');
    student = 'JOHN_DOE';
    pause.refresh();
    expect(pause.state).toBeNull();
    student = null;
    pause.begin('open');
    expect(pause.state).toBeNull();
    student = 'ANN_LEE';
    pause.refresh();
    expect(pause.state?.kind).toBe('open');
  });

  it('is what the course allows', () => {
    policy = 'limited';
    pause.begin('lesson');
    expect(pause.state).toBeNull();
    pause.begin('minutes15');
    expect(pause.state?.kind).toBe('minutes15');
    policy = 'forbidden';
    pause.refresh();
    expect(pause.state).toBeNull();
  });

  it.each([
    'nonsense',
    '{"kind":"toString","until":null}',
    '{"kind":"minutes15","until":null}',
    '{"kind":"minutes15","until":9e15}',
    '{"kind":"open","until":5}',
    '{"kind":"lesson","until":"soon"}'
  ])('is not %s, whoever wrote that', text => {
    localStorage.setItem(KEY, text);
    pause.refresh();
    expect(pause.state).toBeNull();
  });

  it('lasts as long as the page where nothing is remembered', () => {
    const made = start(null);
    made.begin('open');
    expect(made.state?.kind).toBe('open');
    made.dispose();
  });
});
