import type { Destination } from '../../runtime/destination';
import type { ITelemetrySettings } from '../../runtime/settings';
import { settingsOf } from '../settingssource';
import { Switchover } from '../../runtime/switchover';
import { FakeClock } from '../deliverystage';

const set = (projectKey: string, host?: string): ITelemetrySettings =>
  settingsOf({ projectKey, ...(host && { host }) });

let clock: FakeClock;
/** The key it moved to each time, or null for nowhere. */
let moves: (string | null)[];

function begin(settings: ITelemetrySettings): Switchover {
  const keyOf = (to: Destination): string =>
    to.kind === 'posthog' ? to.key : to.kind;
  return new Switchover(settings.destination, clock, to =>
    moves.push(to && keyOf(to))
  );
}

beforeEach(() => {
  clock = new FakeClock();
  moves = [];
});

describe('Switchover', () => {
  it('goes where the settings say once they stay so', async () => {
    const switchover = begin(set(''));
    switchover.follow(set('phc_a'));
    expect(moves).toEqual([null]);
    expect(switchover.destination).toEqual({ kind: 'collector' });
    await clock.advance(4_999);
    expect(moves).toEqual([null]);
    await clock.advance(1);
    expect(moves).toEqual([null, 'phc_a']);
    expect(switchover.destination).toMatchObject({ key: 'phc_a' });
  });

  it('goes to none of those that were typed on the way', async () => {
    const switchover = begin(set('phc_wrong'));
    for (const key of ['', 'p', 'phc', 'phc_right']) {
      switchover.follow(set(key));
      await clock.advance(4_000);
    }
    await clock.advance(1_000);
    expect(moves).toEqual([null, 'phc_right']);
    expect(clock.timers).toBe(0);
  });

  it.each([set('phx_secret'), set('phc_a', 'http://ph.example')])(
    'keeps everything while a key or host is refused',
    async refused => {
      const switchover = begin(set('phc_a'));
      switchover.follow(set('phc_b'));
      switchover.follow(refused);
      await clock.advance(3_600_000);
      expect(moves).toEqual([null]);
      expect(switchover.destination).toMatchObject({ key: 'phc_a' });
      switchover.follow(set('phc_b'));
      await clock.advance(5_000);
      expect(moves).toEqual([null, 'phc_b']);
    }
  );

  it('is not held up by another setting, or by another page that moves', async () => {
    const switchover = begin(set('phc_a'));
    switchover.follow(set('phc_b'));
    await clock.advance(4_000);
    switchover.follow(set('phc_b'));
    await clock.advance(1_000);
    expect(moves).toEqual([null, 'phc_b']);
    switchover.follow(set('phc_b'));
    expect(moves).toHaveLength(2);
  });

  it('does not take a refused key for a cleared one', async () => {
    const switchover = begin(set('phc_a'));
    switchover.follow(set(''));
    await clock.advance(4_000);
    switchover.follow(set('phx_secret'));
    await clock.advance(5_000);
    expect(moves).toEqual([null]);
  });

  it('goes on at once where it was when the settings are put back', async () => {
    const switchover = begin(set('phc_a'));
    switchover.follow(set(''));
    switchover.follow(set('phc_a'));
    expect(moves).toEqual([null, 'phc_a']);
    await clock.advance(5_000);
    expect(moves).toHaveLength(2);
  });

  it('goes nowhere before it is left alone when it began with an edit', async () => {
    const switchover = begin(set('p'));
    switchover.hold(set('p'));
    await clock.advance(4_000);
    switchover.follow(set('phc_right'));
    await clock.advance(4_999);
    expect(moves).toEqual([null]);
    await clock.advance(1);
    expect(moves).toEqual([null, 'phc_right']);

    const single = begin(set('phc_a'));
    single.hold(set('phc_a'));
    // Another setting is changed meanwhile.
    single.follow(set('phc_a'));
    await clock.advance(5_000);
    expect(moves.slice(2)).toEqual([null, 'phc_a']);
  });

  it('stays at the collector while the first key is refused', async () => {
    begin(set('')).follow(set('phx_secret'));
    await clock.advance(5_000);
    expect(moves).toEqual([]);
  });
});
