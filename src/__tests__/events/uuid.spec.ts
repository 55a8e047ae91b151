/** @jest-environment node */
type Uuid7 = () => string;

/** As in a page that has just been opened. */
function fresh(): Uuid7 {
  let made: { uuid7: Uuid7 } | undefined;
  jest.isolateModules(() => {
    made = jest.requireActual<{ uuid7: Uuid7 }>('../../events/uuid');
  });
  return (made as { uuid7: Uuid7 }).uuid7;
}

const NOW = Date.UTC(2024, 0, 2, 3, 4, 5, 678);

const timeOf = (uuid: string): number =>
  parseInt(uuid.replace('-', '').slice(0, 12), 16);

describe('uuid7', () => {
  let uuid7: Uuid7;
  let now: jest.SpyInstance;

  beforeEach(() => {
    uuid7 = fresh();
    now = jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  afterEach(() => jest.restoreAllMocks());

  const make = (count: number): string[] =>
    Array.from({ length: count }, uuid7);

  it('is a UUID of version 7, with the moment in front', () => {
    for (const uuid of make(100)) {
      expect(uuid).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
      );
      expect(timeOf(uuid)).toBe(NOW);
    }
  });

  it('writes small times and small random numbers in full', () => {
    now.mockReturnValue(5);
    jest.spyOn(crypto, 'getRandomValues').mockImplementation(array => array);
    expect(uuid7()).toBe('00000000-0005-7000-8000-000000000000');
  });

  it('sorts in the order it was made, within a millisecond', () => {
    const uuids = make(4096);
    expect([...uuids].sort()).toEqual(uuids);
    expect(uuids.every(uuid => timeOf(uuid) === NOW)).toBe(true);
  });

  it('borrows from the time when there are more', () => {
    const uuids = make(10_000);
    expect([...uuids].sort()).toEqual(uuids);
    expect(new Set(uuids).size).toBe(10_000);
    expect(timeOf(uuids[9_999])).toBe(NOW + 2);
    // What was borrowed is given back before the clock counts again.
    now.mockReturnValue(NOW + 1);
    expect(uuid7() > uuids[9_999]).toBe(true);
  });

  it('goes on when the clock is set back, until that has caught up', () => {
    const before = make(3);
    now.mockReturnValue(NOW - 3_600_000);
    const set = make(5_000);
    now.mockReturnValue(NOW + 10);
    const after = make(3);
    const all = [...before, ...set, ...after];
    expect([...all].sort()).toEqual(all);
    expect(timeOf(after[0])).toBe(NOW + 10);
  });

  it('is nobody else’s, at the same moment', () => {
    const other = fresh();
    const uuids = [...make(100), ...Array.from({ length: 100 }, other)];
    expect(new Set(uuids).size).toBe(200);
  });
});
