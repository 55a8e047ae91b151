import { Names } from '../../classview/model/names';
import { english } from '../../classview/trans';

const CLASS = [
  { student: 'TEACHER', name: 'A Teacher', is_staff: true },
  { student: 'ANN_LEE', name: 'Ann Lee', is_staff: false },
  { student: 'BO_DOE', name: '', is_staff: false }
];
const shown = new Names(CLASS, false, english);
const hidden = new Names(CLASS, true, english);

describe('names', () => {
  it('are those of the roster, else the ids', () => {
    expect(['ANN_LEE', 'BO_DOE', 'NEW'].map(id => shown.of(id))).toEqual([
      'Ann Lee',
      'BO_DOE',
      'NEW'
    ]);
  });

  it('are numbers by the roster while they are hidden, and staff has none', () => {
    expect(
      ['ANN_LEE', 'BO_DOE', 'TEACHER', 'NEW'].map(id => hidden.of(id))
    ).toEqual(['Student 01', 'Student 02', 'A student', 'A student']);
  });

  it('have as many digits as the class needs', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      student: `S${index}`,
      name: '',
      is_staff: false
    }));
    expect(new Names(many, true, english).of('S6')).toBe('Student 007');
  });

  it('say how long the longest of them is, for the columns they stand in', () => {
    expect(shown.longest).toBe('Ann Lee'.length);
    expect(hidden.longest).toBe('Student 01'.length);
    expect(new Names([], false, english).longest).toBe(0);
  });

  it('tell two who are called alike by their ids', () => {
    const alike = ['ANN-7F3K2A', 'ANN-0QZ81M'].map(student => ({
      student,
      name: 'Ann',
      is_staff: false
    }));
    expect(new Names(alike, false, english).of('ANN-0QZ81M')).toBe(
      'Ann (0QZ81M)'
    );
    expect(new Names(alike, true, english).of('ANN-0QZ81M')).toBe('Student 02');
  });

  it.each(['\u0644\u064a\u0644\u0649', '\u05d3\u05d5\u05d3 Lee', '\u{1e900}'])(
    'are set apart where they run from right to left: %s',
    name => {
      const someone = { student: 'STUDENT-7F3K2A', name, is_staff: false };
      const names = new Names([someone], false, english);
      expect(names.of('STUDENT-7F3K2A')).toBe(`\u2068${name}\u2069`);
      expect(names.fullOf('STUDENT-7F3K2A')).toBe(
        `\u2068${name}\u2069 (STUDENT-7F3K2A)`
      );
    }
  );

  it('turn nothing that stands beside them, and nobody into somebody else', () => {
    const forged = { student: 'ANN_LEE\u202e', name: '', is_staff: false };
    const names = new Names([...CLASS, forged], false, english);
    expect(names.of('\u202eEEL_NNA\u2069')).toBe('EEL_NNA');
    const alike = { student: 'X', name: 'Ann\u2066 Lee', is_staff: false };
    const both = new Names([...CLASS, alike], false, english);
    expect(both.of('X')).toBe('Ann Lee (X)');
    expect(both.of('ANN_LEE')).toBe('Ann Lee (ANN_LEE)');
  });

  it('are not in an address while they are hidden', () => {
    expect(hidden.addressOf('BO_DOE')).toBe('~2');
    expect(shown.addressOf('BO_DOE')).toBe('BO_DOE');
    expect(['~2', 'BO_DOE'].map(address => hidden.idOf(address))).toEqual([
      'BO_DOE',
      'BO_DOE'
    ]);
    expect(hidden.idOf('~3')).toBeNull();
  });
});
