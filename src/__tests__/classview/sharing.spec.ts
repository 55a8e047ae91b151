import { shared } from '../../classview/model/sharing';

const before = () => ({
  rows: [
    { id: 'a', cells: [1, null, { state: 'passed' }] },
    { id: 'b', cells: [] }
  ],
  line: 'all'
});

describe('an answer', () => {
  it('that says the same as the one before is that one', () => {
    const held = before();
    expect(shared(held, before())).toBe(held);
  });

  it('keeps of the one before all that is the same', () => {
    const held = before();
    const next = { ...before(), line: 'some' };
    next.rows[1].id = 'c';
    const given = JSON.parse(JSON.stringify(next)) as unknown;
    const made = shared(held, next);
    expect(made).toEqual(given);
    expect(made).not.toBe(held);
    expect(made.rows).not.toBe(held.rows);
    expect(made.rows[0]).toBe(held.rows[0]);
    expect(made.rows[1]).not.toBe(held.rows[1]);
  });

  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { x: 1 } }, { b: { x: 1 } }],
    [
      [1, 2],
      [1, 2, 3]
    ],
    [
      [1, 2, 3],
      [1, 2]
    ],
    [[], {}],
    [{}, []],
    [null, { a: null }],
    [{ a: { b: 1 } }, { a: null }],
    [{ a: null }, { a: { b: 1 } }],
    [[{ a: 1 }], [{ a: 1, b: 1 }]]
  ])('of %j becomes %j', (old, now) => {
    const given = JSON.parse(JSON.stringify(now)) as unknown;
    expect(shared(old, now)).toEqual(given);
    expect(shared(old, now)).not.toBe(old);
  });
});
