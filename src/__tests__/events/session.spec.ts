import { makeSession } from '../fakes';

describe('Session', () => {
  it('counts 1, 2, 3', () => {
    const session = makeSession();
    expect([1, 2, 3].map(() => session.nextSeq())).toEqual([1, 2, 3]);
  });

  it('counts for itself only, under an id of its own', () => {
    const [first, second] = [makeSession(), makeSession()];
    first.nextSeq();
    expect(second.nextSeq()).toBe(1);
    expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(first.id).not.toBe(second.id);
  });
});
