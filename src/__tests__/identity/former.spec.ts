import { formerId } from '../../identity/former';

const CODE = 'c951-w80h-wfyn';
const TYPED = { first: 'Mary', last: 'Roe' };
const LISTED = { first: '', last: '', listed: { id: 's17', name: 'Maŕy Roe' } };

describe('the id of before of a student with a code', () => {
  it('is that of whoever this browser knew, when the roster has no other name', () => {
    expect(formerId(TYPED, { code: CODE, name: 'Roe, Mary' })).toBe('MARY_ROE');
    expect(formerId(LISTED, { code: CODE, name: 'Mary Roe' })).toBe('s17');
    expect(formerId(TYPED, { code: CODE, name: null })).toBe('MARY_ROE');
    expect(formerId(TYPED, { code: CODE, name: 'John Doe' })).toBeNull();
    expect(
      formerId(
        {
          first: '',
          last: '',
          listed: { id: 's5', name: '\u0645\u0631\u064a\u0645' }
        },
        { code: CODE, name: '\u062d\u0633\u0646' }
      )
    ).toBeNull();
  });

  it('stays with the code, and goes over to no other one', () => {
    const pseudonym = { code: CODE, name: null, former: 'MARY_ROE' };
    const before = { first: '', last: '', pseudonym };
    expect(formerId(before, { code: CODE, name: 'Mary Roe' })).toBe('MARY_ROE');
    expect(
      formerId(before, { code: 'd14w-r9gp-ax34', name: 'Mary Roe' })
    ).toBeNull();
  });
});
