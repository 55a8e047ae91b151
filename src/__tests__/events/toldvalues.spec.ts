// Of the kernel side, too: `test_toldvalues.py` holds it to the same samples.
import samples from '../../../conformance/rules/told_values.json';
import { Extent } from '../../events/extent';
import {
  forgetSecrets,
  setSecretRules,
  withoutKnown,
  withoutSecrets
} from '../../events/secrets';
import { readToldValues } from '../../events/toldmessage';
import type { IToldValue } from '../../events/toldvalues';
import { toldValues, ToldValues } from '../../events/toldvalues';
import { told } from './told';

const SECRET = '‹secret›';
const VALUE = 'zz91k4m8q2w7x5';

beforeEach(forgetSecrets);
afterEach(() => setSecretRules('', false));

describe('ToldValues', () => {
  const values = new ToldValues(samples.salt);
  const found = (text: string): string[] =>
    values
      .find(text, new Extent(text))
      .map(([start, end]) => text.slice(start, end));

  beforeEach(() => values.forget());

  it.each(samples.values)('finds $value', sample => {
    const { value } = sample;
    values.take([sample.told]);
    expect(found(`${value} and "${value}"`)).toEqual([value, value]);
    expect(found(`a${value} ${value}1 ${value.slice(1)}`)).toEqual([]);
  });

  it('finds several in one text, and none that was made with another salt', () => {
    values.take(samples.values.map(sample => sample.told));
    const all = samples.values.map(({ value }) => value);
    expect(found(all.join('\n'))).toEqual(all);
    const other = new ToldValues();
    other.take(samples.values.map(sample => sample.told));
    const text = all.join('\n');
    expect(other.find(text, new Extent(text))).toEqual([]);
  });

  it('knows no more than the last hundred', () => {
    const { told: first, value } = samples.values[0];
    const others = Array.from({ length: 99 }, (_, n) => ({
      ...first,
      digest: n.toString(16).padStart(64, '0')
    }));
    values.take([first, ...others]);
    expect(found(value)).toEqual([value]);
    // Told once more it is the last one.
    values.take([first]);
    values.take([{ ...first, digest: 'a'.repeat(64) }]);
    expect(found(value)).toEqual([value]);
    values.take(others);
    expect(found(value)).toEqual([]);
  });

  it('has the salt of a page of its own', () => {
    expect(new ToldValues().salt).toMatch(/^[0-9a-f]{32}$/);
    expect(new ToldValues().salt).not.toBe(new ToldValues().salt);
  });
});

describe('a told value', () => {
  it('is taken out wherever it stands alone', () => {
    toldValues.take([told(VALUE)]);
    expect(withoutSecrets(`it is ${VALUE}.`)).toBe(`it is ${SECRET}.`);
    expect(withoutSecrets(`it is b${VALUE}`)).toBe(`it is b${VALUE}`);
    expect(withoutSecrets('it is ordinary')).toBe('it is ordinary');
  });

  it('is learned once it was found', () => {
    toldValues.take([told(VALUE)]);
    withoutSecrets(VALUE);
    toldValues.forget();
    expect(withoutSecrets(`it is ${VALUE}`)).toBe(`it is ${SECRET}`);
    forgetSecrets();
    expect(withoutSecrets(`it is ${VALUE}`)).toBe(`it is ${VALUE}`);
  });

  it('goes from a text that was cleaned before it was told', () => {
    const clean = withoutSecrets(`x = "${VALUE}"; db_password = "gr33n-9"`);
    expect(clean).toContain(VALUE);
    toldValues.take([told(VALUE)]);
    expect(withoutKnown(clean)).toBe(
      `x = "${SECRET}"; db_password = "${SECRET}"`
    );
    expect(withoutKnown('gr33n-9')).toBe(SECRET);
  });

  it('stays where an administrator wants secrets to', () => {
    setSecretRules('', true);
    toldValues.take([told(VALUE)]);
    expect([withoutSecrets(VALUE), withoutKnown(VALUE)]).toEqual([
      VALUE,
      VALUE
    ]);
  });

  it.each(['a-', 'a1B2c3D4-', '-'])(
    'is found in time in a text that repeats %j, and of one with too many alike nothing is left',
    unit => {
      const text = unit.repeat(200_000 / unit.length);
      const alike = told(text.slice(0, 270));
      // As code in the kernel could tell them: each place of the text looks like them.
      toldValues.take(
        Array.from({ length: 100 }, (_, n) => ({
          ...alike,
          digest: n.toString(16).padStart(64, '0')
        }))
      );
      let least = Infinity;
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        const clean = withoutSecrets(text);
        least = Math.min(least, performance.now() - start);
        expect(clean.length).toBeLessThan(1_000);
      }
      expect(least).toBeLessThan(500);
    }
  );
});

describe('readToldValues', () => {
  const value: IToldValue = told(VALUE);

  it('takes what a kernel tells', () => {
    expect(readToldValues([value])).toEqual([value]);
    expect(readToldValues([])).toEqual([]);
  });

  it.each([
    ['no list', value],
    ['null', null],
    ['a text', 'values'],
    ['a value with more', [{ ...value, value: VALUE }]],
    ['a value with less', [{ length: 9, filter: 1 }]],
    ['a short length', [{ ...value, length: 7 }]],
    ['a long length', [{ ...value, length: 301 }]],
    ['a broken length', [{ ...value, length: 9.5 }]],
    ['a filter of more bits', [{ ...value, filter: 65_536 }]],
    ['a negative filter', [{ ...value, filter: -1 }]],
    ['a digest of another form', [{ ...value, digest: 'A'.repeat(64) }]],
    ['a digest of another type', [{ ...value, digest: 7 }]],
    ['too many', Array.from({ length: 101 }, () => value)]
  ])('refuses %s', (_, malformed) => {
    expect(readToldValues(malformed)).toBeNull();
  });
});
