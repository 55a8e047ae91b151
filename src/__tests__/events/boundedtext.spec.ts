import { cut, cutClean } from '../../events/boundedtext';

describe('cut', () => {
  it('leaves a text that fits', () => {
    expect(cut('abc', 3)).toEqual({ text: 'abc', truncated: false });
    expect(cut('', 0)).toEqual({ text: '', truncated: false });
  });

  it('keeps the beginning of a longer one', () => {
    expect(cut('abcd', 3)).toEqual({ text: 'abc', truncated: true });
    expect(cut('abcd', 0)).toEqual({ text: '', truncated: true });
  });

  it('never splits a surrogate pair', () => {
    const text = 'a🎉b🎉🎉';
    for (let maximum = 0; maximum < text.length; maximum++) {
      const part = cut(text, maximum);
      expect(part.truncated).toBe(true);
      expect(text.startsWith(part.text)).toBe(true);
      expect(maximum - part.text.length).toBeLessThanOrEqual(1);
      // Throws at half a pair.
      expect(() => encodeURIComponent(part.text)).not.toThrow();
    }
  });
});

describe('cutClean', () => {
  it('cuts what is left after cleaning', () => {
    const clean = jest.fn((text: string) => text.replaceAll('-', ''));
    expect(cutClean('a-b-c', 3, clean)).toEqual({
      text: 'abc',
      truncated: false
    });
    expect(cutClean('a-b-c-d', 3, clean)).toEqual({
      text: 'abc',
      truncated: true
    });
    expect(cutClean('abcd', 3, clean)).toEqual({
      text: 'abc',
      truncated: true
    });
    // Cleaning megabytes takes its time.
    cutClean('x'.repeat(1_000), 3, clean);
    expect(clean).toHaveBeenLastCalledWith('x'.repeat(6));
  });
});
