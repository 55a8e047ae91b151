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
