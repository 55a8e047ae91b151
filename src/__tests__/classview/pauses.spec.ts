import { pausedAt } from '../../classview/model/pauses';

const NOON = Date.UTC(2026, 2, 1, 12);

describe('pausedAt', () => {
  it('is who takes a pause that has not ended', () => {
    const pauses = [
      { student: 'ANN_LEE', until_ms: NOON + 1 },
      { student: 'JOHN_DOE', until_ms: NOON },
      { student: 'MARY_ROE', until_ms: null }
    ];
    expect([...pausedAt({ pauses }, NOON)]).toEqual(['ANN_LEE', 'MARY_ROE']);
  });

  it('is the same set while nobody does, so that no table is drawn anew', () => {
    expect(pausedAt(null, NOON)).toBe(pausedAt({ pauses: [] }, NOON));
  });
});
