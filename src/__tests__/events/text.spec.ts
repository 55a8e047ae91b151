import {
  cleanJSON,
  cut,
  cutClean,
  hideToken,
  stripAnsi,
  withoutPlaces,
  withoutTokens
} from '../../events/text';

const ESC = '\u001b';

describe('stripAnsi', () => {
  it.each([
    ['colours', `${ESC}[0;31mred${ESC}[0m`, 'red'],
    ['256 and true colours', `${ESC}[38;5;196ma${ESC}[48:2::1:2:3mb`, 'ab'],
    ['cursor moves and erasing', `a${ESC}[2K${ESC}[1A${ESC}[?25lb`, 'ab'],
    ['an intermediate byte', `a${ESC}[2 qb`, 'ab'],
    ['a title, ended by BEL', `${ESC}]0;my title\u0007a`, 'a'],
    [
      'a link, ended by ST',
      `${ESC}]8;;http://x${ESC}\\text${ESC}]8;;${ESC}\\`,
      'text'
    ],
    ['a choice of character set, as tput sgr0', `a${ESC}(B${ESC}[mb`, 'ab'],
    ['saving, restoring and reset', `${ESC}7a${ESC}8b${ESC}c${ESC}=`, 'ab'],
    ['a device control string', `a${ESC}P1$r0m${ESC}\\b`, 'ab'],
    ['the eight-bit introducer', 'a\u009b31mb', 'ab'],
    ['one that was cut off', `a${ESC}[38;5`, 'a'],
    ['a lone escape', `a${ESC}`, 'a'],
    ['one that never ends properly', `${ESC}]0;title\nnext line`, '\nnext line']
  ])('removes %s', (_, text, plain) => {
    expect(stripAnsi(text)).toBe(plain);
  });

  it.each(['', 'plain', 'a[0m', '[31m is red', 'line\n\ttab', '日本語 🎉'])(
    'leaves %j alone',
    text => {
      expect(stripAnsi(text)).toBe(text);
    }
  );
});

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

describe('withoutPlaces', () => {
  it.each([
    ['/home/ann/course/data.csv', '…/data.csv'],
    ['/home/ann', '…'],
    ['/Users/ann/', '…/'],
    ['/usr/lib/python3.11/site-packages/', '…/site-packages/'],
    ['~/course/data.csv', '…/data.csv'],
    ['~ann/course/data.csv', '…/data.csv'],
    ['/home/josé/日本/data.csv', '…/data.csv'],
    ['/home//ann//data.csv', '…/data.csv'],
    ['file:///home/ann/data.csv', '…/data.csv'],
    ["open('/home/ann/data.csv')", "open('…/data.csv')"],
    ['PATH=/home/ann/bin:/usr/local/bin', 'PATH=…/bin:…/bin'],
    ['[Errno 2]: "/srv/hub/ann/x"', '[Errno 2]: "…/x"'],
    ['File /home/ann/lib/mod.py:12, in f(x)', 'File …/mod.py:12, in f(x)'],
    [
      '  File "/tmp/ipykernel_77/3125.py", line 1, in <module>',
      '  File "…/3125.py", line 1, in <module>'
    ],
    ['a\n/home/ann/x\n/home/bob/y', 'a\n…/x\n…/y'],
    ['sqlite:////home/alice/x.db', 'sqlite:…/x.db'],
    ['gcc -I/home/alice/include x.c', 'gcc -I…/include x.c'],
    ['“/home/alice/x”', '“…/x”'],
    ['file://localhost/home/alice/x', 'file://localhost…/x'],
    ['curl -d @/home/alice/x', 'curl -d @…/x'],
    ['*/home/alice/x and +/tmp/a/b', '*…/x and +…/b'],
    ['/Users/John Doe/x.py:3', '…/x.py:3'],
    ["'/home/alice smith/notes.txt'", "'…/notes.txt'"],
    ["'/Users/John Doe'", "'…'"],
    ['“/Users/John Doe”', '“…”'],
    ['/home/alice/My Course (2024)/exam.py', '…/exam.py'],
    ['/home/alice/a.py and /home/bob/b.py', '…/a.py and …/b.py'],
    ['cp /tmp/a /tmp/b', 'cp …/a …/b']
  ])('takes the directories out of %j', (text, plain) => {
    expect(withoutPlaces(text)).toBe(plain);
  });

  it.each([
    ['C:\\Users\\ann\\course\\data.csv', '…/data.csv'],
    ['C:\\Users\\ann', '…'],
    ['C:/Users/ann/data.csv', '…/data.csv'],
    ["'C:\\\\Users\\\\ann\\\\data.csv'", "'…/data.csv'"],
    ['"C:\\Users\\Ann Lee\\My Files\\data.csv"', '"…/data.csv"'],
    ["'C:\\Users\\Ann Lee'", "'…'"],
    ['C:\\Users\\Jürgen\\x.py and d:\\work\\y.py', '…/x.py and …/y.py'],
    ['\\\\fileserver\\students\\ann\\x.py', '…/x.py'],
    ['  File "c:\\Users\\ann\\mod.py", line 3', '  File "…/mod.py", line 3']
  ])('takes the directories out of %j, as on Windows', (text, plain) => {
    expect(withoutPlaces(text)).toBe(plain);
  });

  it.each([
    [
      'http://127.0.0.1:8888/lab?token=abc123',
      'http://127.0.0.1:8888/lab?token=…'
    ],
    ['?a=1&token=abc&b=2', '?a=1&token=…&b=2'],
    ['?access_token=x.y-z" ok', '?access_token=…" ok'],
    ['?TOKEN=abc', '?TOKEN=…'],
    ['/x?_xsrf=2|ab|cd', '/x?_xsrf=…'],
    ['http://127.0.0.1/lab#token=abc', 'http://127.0.0.1/lab#token=…'],
    ['JUPYTER_TOKEN=abcdef\nA=1', 'JUPYTER_TOKEN=…\nA=1'],
    [
      "environ({'JPY_API_TOKEN': 'abc', 'A': '1'})",
      "environ({'JPY_API_TOKEN': '…', 'A': '1'})"
    ],
    ['MY_TOKEN_2 = "abc"', 'MY_TOKEN_2 = "…"'],
    ['Authorization: token abc', 'Authorization: token …'],
    ["{'Authorization': 'Bearer abc'}", "{'Authorization': 'Bearer …'}"]
  ])('takes the credentials out of %j', (text, plain) => {
    expect(withoutPlaces(text)).toBe(plain);
  });

  it.each([
    'https://example.com/docs/guide/index.html',
    'see http://localhost:8888/lab/tree/a.ipynb?reset',
    '<a href="https://example.com/a/b">',
    's3://bucket/a/b.csv',
    '//cdn.example.com/a/b.js',
    '1/2 + 3/4 = 5/4',
    'a/b/c',
    'total / count / 2',
    'n // 2 // 3',
    '2024/01/02 and 01/02/2024',
    'km/h, and/or, text/plain',
    'data/raw/file.csv and ./data/raw/file.csv, ../data/file.csv',
    '/tmp and /x/',
    "re.compile(r'\\d+\\s*\\w+')",
    "'\\\\d+\\\\s*\\\\w+'",
    'line\\nline\\tend',
    '$\\frac{\\alpha}{\\beta}$',
    '[link](docs/page.md) **/** `a/b`',
    '</b></i><br/>',
    'x = y /z',
    '10:30/11:30',
    'the token=abc of a parser',
    'a TOKEN is a word, and so is token: x',
    'https://example.com/home/alice/x',
    's3://tmp/a/b',
    '../home/x/y and ./tmp/x/y',
    'C: and D:',
    ''
  ])('leaves %j alone', text => {
    expect(withoutPlaces(text)).toBe(text);
  });
});

describe('hideToken', () => {
  afterEach(() => hideToken(''));

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
