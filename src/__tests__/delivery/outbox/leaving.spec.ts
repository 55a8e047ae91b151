/** @jest-environment node */
import { Leaving } from '../../../delivery/outbox/leaving';
import type { IRow } from '../../../delivery/wire';
import { byteLength, toRow } from '../../../delivery/wire';
import { range, row, uuidsOf, wireEvent } from '../../deliverystage';

const ALLOWANCE = 60 * 1024;

let leaving: Leaving;

beforeEach(() => {
  leaving = new Leaving();
});

const add = (...rows: IRow[]): void => rows.forEach(each => leaving.add(each));
const fitting = (): string[] => uuidsOf(leaving.fitting());
const sizeOf = (rows: IRow[]): number =>
  byteLength(`[${rows.map(({ json }) => json).join(',')}]`);

describe('Leaving', () => {
  it('has what was added and not settled, oldest first', () => {
    expect(fitting()).toEqual([]);
    add(row('a'), row('b'), row('c'));
    leaving.settle(['b', 'unknown']);
    expect(fitting()).toEqual(['a', 'c']);
    // Asking takes nothing away.
    expect(fitting()).toEqual(['a', 'c']);
  });

  it('knows again what was settled lately', () => {
    leaving.settle(['a', 'b']);
    expect(uuidsOf(leaving.unsettled([row('a'), row('c')]))).toEqual(['c']);
    leaving.settle(range(4_999));
    expect(uuidsOf(leaving.unsettled([row('a'), row('b')]))).toEqual(['a']);
  });

  it('gives the newest, within what browsers allow', () => {
    const rows = range(100).map(uuid => row(uuid, 1000));
    add(...rows);
    const batch = leaving.fitting();
    expect(batch).toEqual(rows.slice(-batch.length));
    expect(sizeOf(batch)).toBeLessThanOrEqual(ALLOWANCE + 1);
    // Another event would not have fitted.
    expect(sizeOf([rows[0], ...batch])).toBeGreaterThan(ALLOWANCE);
  });

  it('counts bytes, not characters', () => {
    add(
      ...range(10).map(uuid =>
        toRow({ ...wireEvent(uuid), properties: { x: '語'.repeat(5000) } })
      )
    );
    expect(fitting()).toEqual(range(10).slice(-4));
    expect(sizeOf(leaving.fitting())).toBeLessThanOrEqual(ALLOWANCE);
  });

  it('does not let one large event keep the others back', () => {
    add(row('a'), row('large', 100_000), row('b'));
    expect(fitting()).toEqual(['a', 'b']);
  });

  it('remembers no more than a few requests of that size', () => {
    add(...range(100).map(uuid => row(uuid, 20_000)));
    leaving.settle(range(100).slice(-22));
    // All that is left, though an allowance has room for more.
    expect(fitting()).toEqual(range(100).slice(-24, -22));
    leaving.settle(range(100));
    add(...range(100).map(uuid => row(uuid, 20_000)));
    expect(fitting()).toHaveLength(3);
  });

  it('remembers the latest 500, of which more would not fit anyway', () => {
    const tiny = range(600).map(uuid => ({ uuid, json: '{}' }));
    add(...tiny);
    expect(fitting()).toEqual(range(600).slice(100));
  });
});
