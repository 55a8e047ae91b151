import {
  makePersonCode,
  PersonCodes,
  readPersonCode,
  spellPersonCode,
  verifierOf
} from '../../identity/personcode';

const SCOPE = 'http://hub.example/user/ann/|ann';
const CODE = '7K3QM0ZD9RXV2HTE';

/** A storage that is full, or forbidden after all. */
const NO_STORAGE = {
  getItem: () => {
    throw new Error('forbidden');
  },
  setItem: () => {
    throw new Error('full');
  },
  removeItem: () => {
    throw new Error('forbidden');
  }
} as unknown as Storage;

beforeEach(() => {
  localStorage.clear();
});

describe('a person code', () => {
  it('is made of 80 random bits, and never twice', () => {
    const codes = Array.from({ length: 500 }, makePersonCode);
    expect(new Set(codes).size).toBe(500);
    for (const code of codes) {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(readPersonCode(code)).toBe(code);
    }
    expect(new Set(codes.join('')).size).toBe(32);
  });

  it('is read as people write it', () => {
    expect(spellPersonCode(CODE)).toBe('7K3Q-M0ZD-9RXV-2HTE');
    for (const text of [
      CODE,
      spellPersonCode(CODE),
      '7k3q-m0zd-9rxv-2hte',
      ' 7k3q mOzd 9rxv 2hte\n'
    ]) {
      expect(readPersonCode(text)).toBe(CODE);
    }
    expect(readPersonCode('iLO0-1111-1111-1111')).toBe('1100111111111111');
  });

  it.each(['', '7K3QM0ZD9RXV2HT', `${CODE}A`, '7K3QM0ZD9RXV2HTU', 'Ann Lee'])(
    'is not %j',
    text => expect(readPersonCode(text)).toBeNull()
  );

  it('is known to the collector by a hash', () => {
    // The value that `sha256sum` gives, which the collector computes as well.
    expect(verifierOf(CODE)).toBe(
      'e0f45756c80f4c51cad750fc52e48ad6198ece6cebdfa627b67b1bdd167decde'
    );
  });
});

describe('PersonCodes', () => {
  it('keep a code for each person and scope', () => {
    const codes = new PersonCodes(SCOPE, localStorage);
    expect(codes.knownOf('ANN_LEE')).toBeNull();
    const ann = codes.codeOf('ANN_LEE');
    expect(codes.codeOf('JOHN_DOE')).not.toBe(ann);
    const later = new PersonCodes(SCOPE, localStorage);
    expect(later.codeOf('ANN_LEE')).toBe(ann);
    expect(new PersonCodes('other', localStorage).codeOf('ANN_LEE')).not.toBe(
      ann
    );
  });

  it('take a code of another device, also in windows that are open', () => {
    const here = new PersonCodes(SCOPE, localStorage);
    const there = new PersonCodes(SCOPE, localStorage);
    there.codeOf('ANN_LEE');
    here.join('ANN_LEE', CODE);
    expect(there.codeOf('ANN_LEE')).toBe(CODE);
  });

  it('make another code after one was forgotten', () => {
    const codes = new PersonCodes(SCOPE, localStorage);
    codes.join('ANN_LEE', CODE);
    codes.forget('ANN_LEE');
    expect(localStorage).toHaveLength(0);
    expect(codes.knownOf('ANN_LEE')).toBeNull();
    expect(codes.codeOf('ANN_LEE')).not.toBe(CODE);
  });

  it('replace what is no code', () => {
    const codes = new PersonCodes(SCOPE, localStorage);
    codes.codeOf('ANN_LEE');
    const key = localStorage.key(0) ?? '';
    localStorage.setItem(key, 'nonsense');
    const code = new PersonCodes(SCOPE, localStorage).codeOf('ANN_LEE');
    expect(localStorage.getItem(key)).toBe(code);
  });

  it.each([
    ['null', null],
    ['full', NO_STORAGE]
  ])('last as long as the page where storage is %s', (_, storage) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const codes = new PersonCodes(SCOPE, storage);
    const code = codes.codeOf('ANN_LEE');
    expect(codes.codeOf('ANN_LEE')).toBe(code);
    codes.forget('ANN_LEE');
    expect(codes.knownOf('ANN_LEE')).toBeNull();
    warn.mockRestore();
  });
});
