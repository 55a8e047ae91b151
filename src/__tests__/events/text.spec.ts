// Of the kernel side, too, which `test_cleaned_texts.py` holds to them.
import samples from '../../../conformance/rules/cleaned_texts.json';
import {
  cleanJSON,
  hideToken,
  stripAnsi,
  withoutPlaces,
  withoutTokens
} from '../../events/text';

const ESC = '\u001b';

describe('stripAnsi', () => {
  it.each(samples['escape sequences'])('removes %s', (_, text, plain) => {
    expect(stripAnsi(text)).toBe(plain);
  });

  it.each(samples['no escape sequences'])('leaves %j alone', text => {
    expect(stripAnsi(text)).toBe(text);
  });
});

describe('withoutPlaces', () => {
  it.each(samples.directories)(
    'takes the directories out of %j',
    (text, plain) => {
      expect(withoutPlaces(text)).toBe(plain);
    }
  );

  it.each(samples['directories, as on Windows'])(
    'takes the directories out of %j, as on Windows',
    (text, plain) => {
      expect(withoutPlaces(text)).toBe(plain);
    }
  );

  it.each(samples.credentials)(
    'takes the credentials out of %j',
    (text, plain) => {
      expect(withoutPlaces(text)).toBe(plain);
    }
  );

  it.each(samples['no places'])('leaves %j alone', text => {
    expect(withoutPlaces(text)).toBe(text);
  });
});

describe('hideToken', () => {
  afterEach(() => hideToken(''));

  it.each(samples['with the secret 0123abcd'])(
    'makes of %j, the secret known, %j',
    (text, plain) => {
      hideToken('0123abcd');
      expect(withoutPlaces(text)).toBe(plain);
    }
  );

  it.each(samples.code)('makes of the code %j %j', (text, plain) => {
    expect(withoutTokens(text)).toBe(plain);
  });

  it('takes the server’s token out of a text, wherever it stands', () => {
    hideToken('0123abcd');
    expect(withoutPlaces('a 0123abcd, x0123abcd0123abcd')).toBe('a …, x……');
    hideToken('');
    expect(withoutPlaces('a 0123abcd')).toBe('a 0123abcd');
  });

  it('takes no more than tokens out of code', () => {
    hideToken('0123abcd');
    const code = 'API_KEY = "x"; open("/home/ann/x.py"); get("?token=';
    expect(withoutTokens(`${code}y"), "0123abcd"`)).toBe(`${code}…"), "…"`);
  });

  it('leaves a word that is no secret', () => {
    hideToken('letmein');
    expect(withoutPlaces('letmein please')).toBe('letmein please');
  });
});

describe('cleanJSON', () => {
  it('cleans every text of a value and leaves the rest', () => {
    expect(
      cleanJSON({
        '/home/ann/x.py': [`${ESC}[1m/tmp/a/b`, 1, null, true],
        deep: { path: '/home/ann/y' }
      })
    ).toEqual({
      '…/x.py': ['…/b', 1, null, true],
      deep: { path: '…/y' }
    });
  });
});

describe('hostile texts', () => {
  const clean = (text: string): string => withoutPlaces(stripAnsi(text));

  /** The least of several times, in milliseconds: what else runs only adds. */
  function cost(text: string, enough: number): number {
    let least = Infinity;
    for (let i = 0; i < 10 && least >= enough; i++) {
      const start = performance.now();
      clean(text);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  }

  it.each([
    '/',
    '\\',
    ' ',
    '/a',
    '\\a',
    '/a ',
    ' /a/',
    '~/',
    'a',
    'C:\\',
    ' C:\\a b',
    '\\a b',
    '\\\\a',
    "C:\\' ",
    '?token=',
    '&token',
    'file:///',
    '"/',
    '/home/',
    '/home/a ',
    ' /tmp/a b c d e',
    '/home/a/b c/',
    '@/home/"',
    'TOKEN',
    'TOKEN_=',
    'Authorization: ',
    'file://a',
    ' -I',
    ESC,
    `${ESC}[`,
    `${ESC}]`,
    `${ESC}P`,
    `${ESC}[0`,
    `${ESC}]a`,
    `${ESC}(`,
    '0;',
    '\u009b'
  ])('of %j, up to 1 MB, cost in proportion to their length', unit => {
    for (const head of ['', ' /a', 'C:\\a', `${ESC}[`, `${ESC}]`]) {
      // In proportion it is 4 times the cost before, backtracking 16 times.
      // A quarter of a second is for a machine that has other things to do.
      let limit = 250;
      for (const size of [16, 64, 256, 1024]) {
        const text = head + unit.repeat((size * 1024) / unit.length);
        const now = cost(text, limit);
        expect(now).toBeLessThan(limit);
        limit = 10 * now + 250;
      }
    }
  });
});
