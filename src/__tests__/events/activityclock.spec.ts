import { ActivityClock } from '../../events/activityclock';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('ActivityClock', () => {
  it('goes on for a minute after a sign, and stands still until the next', () => {
    const clock = new ActivityClock();
    const seen: number[] = [];
    for (const pause of [0, 59_999, 1, 1, 3_600_000]) {
      jest.advanceTimersByTime(pause);
      seen.push(clock.activeMs);
    }
    clock.work();
    seen.push(clock.activeMs);
    jest.advanceTimersByTime(10);
    seen.push(clock.activeMs);
    expect(seen).toEqual([0, 59_999, 60_000, 60_000, 60_000, 60_000, 60_010]);
  });
});
