import {
  checkAnyName,
  isOwnName,
  labelOf,
  ownName,
  readJoinCode,
  suffixOf,
  tidyName
} from '../../identity/anyname';

const CODE = '7K3QM0ZD9RXV2HTE';

describe('a name in whatever letters', () => {
  it.each([
    '\u0644\u064a\u0644\u0649',
    '\u738b\u5c0f\u660e',
    'Se\u00e1n O\u2019Brien',
    "D'Arcy",
    'Madonna',
    'Nguy\u1ec5n V\u0103n A',
    '\u0939\u093f\u0928\u094d\u0926\u0940',
    '\u0639\u0644\u06cc\u200c\u0631\u0636\u0627',
    'J. R. R. Tolkien',
    'Anne-Marie',
    '\u{20000}'
  ])('is taken: %s', name => {
    expect(checkAnyName(name)).toBeNull();
  });

  it.each([
    ['', 'missing'],
    [' \t ', 'missing'],
    ['007', 'letters'],
    ["'", 'letters'],
    ['<b>', 'letters'],
    ['=1+1', 'letters'],
    ['@x', 'letters'],
    ['a\u202eb', 'letters'],
    ['a\u2068b', 'letters'],
    ['a\u0000', 'letters'],
    ['\u{1f600}', 'letters'],
    ['x'.repeat(101), 'long']
  ])('is refused: %j', (name, why) => {
    expect(checkAnyName(name)).toBe(why);
  });

  it('is composed, with single spaces, and otherwise as it was typed', () => {
    expect(tidyName('  Jose\u0301 \n Li ')).toBe('Jos\u00e9 Li');
    expect(tidyName('\ufb01n')).toBe('\ufb01n');
  });

  it.each([
    ['Se\u00e1n O\u2019Brien', 'SEAN_OBRIEN'],
    ["d'Arcy", 'DARCY'],
    ['Anne-Marie Li', 'ANNE-MARIE_LI'],
    ['\u0141ukasz \u00d8', 'LUKASZ_O'],
    ['\u0644\u064a\u0644\u0649', 'STUDENT'],
    ['\u738b Wei', 'WEI'],
    ['x'.repeat(60), 'X'.repeat(40)]
  ])('has a label in ASCII: %s', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });
});

describe('an id', () => {
  it('is one person’s, and the same on each device with the code', () => {
    const name = 'Se\u00e1n O\u2019Brien';
    const { id } = ownName(name, CODE);
    expect(id).toMatch(/^SEAN_OBRIEN-[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(ownName(name, CODE).id).toBe(id);
    expect(ownName(name, '0K3QM0ZD9RXV2HTE').id).not.toBe(id);
    expect(id).not.toContain(CODE.slice(0, 6));
    expect(suffixOf(CODE)).toHaveLength(6);
  });

  it.each([
    [{ name: 'Ann', id: `ANN-${suffixOf(CODE)}` }, true],
    [{ name: 'Ann', id: 'ANN_LEE' }, false],
    [{ name: 'Ann', id: 'ann-7F3K2A' }, false],
    [{ name: ' Ann', id: 'ANN-7F3K2A' }, false],
    [{ name: '<b>', id: 'ANN-7F3K2A' }, false],
    [{ name: 'Ann', id: `${'A'.repeat(60)}-7F3K2A` }, false],
    [{ name: 'Ann' }, false],
    [null, false],
    ['Ann', false]
  ])('that a browser keeps is checked: %j', (own, isTaken) => {
    expect(isOwnName(own)).toBe(isTaken);
  });
});

describe('a code that was written down', () => {
  it.each([
    ['SEAN_OBRIEN-7K3Q-M0ZD-9RXV-2HTE', 'SEAN_OBRIEN'],
    [' sean_obrien 7k3q m0zd 9rxv 2hte ', 'SEAN_OBRIEN'],
    ['ANNE-MARIE_LI-7K3QM0ZD9RXV2HTE', 'ANNE-MARIE_LI'],
    ['7K3Q-MOZD-9RXV-2HTE', null],
    ['7k3qm0zd9rxv2hte', null]
  ])('is read: %s', (text, label) => {
    expect(readJoinCode(text)).toEqual({ code: CODE, label });
  });

  it.each([
    '',
    'ANN',
    '7K3Q-M0ZD-9RXV',
    'ANN-7K3Q-M0ZD-9RXV-2HT!',
    '7K3Q-M0ZD-9RXV-2HTU'
  ])('is none: %j', text => {
    expect(readJoinCode(text)).toBeNull();
  });
});
