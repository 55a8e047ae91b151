import { sparkBegin } from '../../classview/parts/sparkline';

describe('a sparkline', () => {
  it('begins twelve times five minutes before the end of the last five', () => {
    const minute = 60_000;
    expect(sparkBegin(62 * minute, 12)).toBe(5 * minute);
    expect(sparkBegin(60 * minute, 12)).toBe(5 * minute);
    expect(sparkBegin(65 * minute - 1, 12)).toBe(5 * minute);
  });
});
