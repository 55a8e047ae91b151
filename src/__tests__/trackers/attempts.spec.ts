import { Attempts } from '../../trackers/attempts';

it('counts each by itself', () => {
  const attempts = new Attempts();
  expect(['a', 'b', 'a', 'a', 'b'].map(id => attempts.next(id))).toEqual([
    1, 1, 2, 3, 2
  ]);
});

it('forgets of very many those that were tried first, and not again', () => {
  const attempts = new Attempts();
  attempts.next('forgotten');
  attempts.next('kept');
  for (let nth = 0; nth < 9_999; nth++) {
    attempts.next('kept');
    attempts.next(`test ${nth}`);
  }
  expect(attempts.next('kept')).toBe(10_001);
  expect(attempts.next('forgotten')).toBe(1);
  const { _counts } = attempts as unknown as { _counts: Map<string, number> };
  expect(_counts.size).toBe(10_000);
});
