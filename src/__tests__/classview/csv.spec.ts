import { writeCsv } from '../../classview/model/csv';

describe('a table that is saved', () => {
  it('is CSV that any program reads', () => {
    const rows = [
      ['student', 'solved', 'last'],
      ['Lee, "Ann"', 4, null],
      ['two\nlines', 0.5, '14:31']
    ];
    expect(writeCsv({ name: 'x', rows })).toBe(
      'student,solved,last\r\n"Lee, ""Ann""",4,\r\n"two\nlines",0.5,14:31\r\n'
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\uff1d1'])(
    'gives a spreadsheet no formula to run: %j',
    text => {
      expect(writeCsv({ name: 'x', rows: [[text]] })).toBe(`'${text}\r\n`);
    }
  );

  it.each([
    ['\tx', '"\'\tx"'],
    ['\n=1', '"\'\n\'=1"'],
    // With a semicolon between cells, as in German, the rest would be a cell.
    ['Ann;=1+1', '"Ann;\'=1+1"'],
    ['Ann;a-b', '"Ann;a-b"']
  ])('has none within a text either: %j', (text, cell) => {
    expect(writeCsv({ name: 'x', rows: [[text]] })).toBe(`${cell}\r\n`);
  });

  it('has a name as it is, and not as it is set apart on the screen', () => {
    const rows = [['\u2068\u0644\u064a\u0644\u0649\u2069', '\u2068=1+1\u2069']];
    expect(writeCsv({ name: 'x', rows })).toBe(
      "\u0644\u064a\u0644\u0649,'=1+1\r\n"
    );
  });

  it('leaves numbers below zero alone', () => {
    expect(writeCsv({ name: 'x', rows: [[-1]] })).toBe('-1\r\n');
  });
});
