import {
  checkName,
  foldName,
  inEnglishLetters,
  makeStudent
} from '../../identity/name';

describe('foldName', () => {
  it('folds white space and upper-cases', () => {
    expect(foldName('  mary \t ann\u00a0 ')).toBe('MARY ANN');
  });
});

describe('checkName', () => {
  it.each(['John', 'jo', 'Mary Ann', 'Jean-Luc', ' x y ', 'O-N'])(
    'takes %j',
    name => {
      expect(checkName(name)).toBeNull();
    }
  );

  it.each([
    ['', 'missing'],
    [' \t ', 'missing'],
    ['J', 'short'],
    ['- J -', 'short'],
    ['--', 'short'],
    ['José', 'letters'],
    ['Weiß', 'letters'],
    ['ﬁn', 'letters'],
    ['Ayşe', 'letters'],
    ['Иван', 'letters'],
    ["O'Neil", 'letters'],
    ['J0hn', 'letters'],
    ['a_b', 'letters'],
    ['a.b', 'letters'],
    ['<b>', 'letters'],
    ['a\u200bb', 'letters']
  ])('finds %j %s', (name, problem) => {
    expect(checkName(name)).toBe(problem);
  });
});

describe('inEnglishLetters', () => {
  it.each([
    ['José', 'Jose'],
    ['Müller', 'Muller'],
    ['O’Brien', 'OBrien'],
    ["D'Arcy", 'DArcy'],
    ['Weiß', 'Weiss'],
    ['Øystein', 'Oystein'],
    ['Łukasz', 'Lukasz'],
    ['Ayşe Nur', 'Ayse Nur'],
    ['J. Roe', 'J Roe'],
    // No letters can be told for these, and a digit is a slip.
    ['Иван', 'Иван'],
    ['J0hn', 'J0hn']
  ])('makes of %j %j', (name, written) => {
    expect(inEnglishLetters(name)).toBe(written);
  });
});

describe('makeStudent', () => {
  it('joins the names, for machines and for people', () => {
    expect(makeStudent(' john ', 'doe')).toEqual({
      id: 'JOHN_DOE',
      name: 'JOHN-DOE'
    });
    expect(makeStudent('Mary  Ann', 'Smith-Jones')).toEqual({
      id: 'MARY ANN_SMITH-JONES',
      name: 'MARY ANN-SMITH-JONES'
    });
  });

  it('makes none of one name', () => {
    expect(makeStudent('John', '')).toBeNull();
    expect(makeStudent('', 'Doe')).toBeNull();
    expect(makeStudent('John', 'D0e')).toBeNull();
  });
});
