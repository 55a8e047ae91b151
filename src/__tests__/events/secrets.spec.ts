// Of the kernel side, too: `test_secrets.py` holds it to the same samples and fakes.
import { createHash } from 'node:crypto';
import digests from '../../../conformance/rules/secret_digests.json';
import samples from '../../../conformance/rules/secret_texts.json';
import {
  countSecrets,
  forgetSecrets,
  setSecretRules,
  withoutSecrets
} from '../../events/secrets';
import type { Half, ITelling } from './fakesecrets';
import { survives, tellings } from './fakesecrets';

const SECRET = '‹secret›';
/** The least part of the fakes that has to go, as a percentage. */
const BARS = { code: 95, output: 90 };
const HALVES: Half[] = ['development', 'held out'];

function cleaned({ steps }: ITelling): string {
  forgetSecrets();
  return steps.map(withoutSecrets)[steps.length - 1];
}

beforeEach(forgetSecrets);
afterEach(() => setSecretRules('', false));

describe('withoutSecrets', () => {
  it.each(samples['taken out'])('makes of %j %j', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  it.each(samples.left)('leaves %j alone', text => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it.each(HALVES.flatMap(half => HALVES.map(of => [half, of] as const)))(
    'takes out fakes of kinds of %s in contexts of %s',
    (half, of) => {
      const fakes = tellings(half, of);
      for (const side of ['code', 'output'] as const) {
        const told = fakes.filter(each => each.side === side);
        const left = told.filter(each => survives(cleaned(each), each.secret));
        const percent = 100 * (1 - left.length / told.length);
        expect(percent).toBeGreaterThanOrEqual(BARS[side]);
      }
    }
  );

  it('makes of all fakes what the kernel side makes of them', () => {
    const found = Object.fromEntries(
      HALVES.map(half => {
        const hash = createHash('sha256');
        tellings(half).forEach(each => hash.update(`${cleaned(each)}\n`));
        return [half, hash.digest('hex')];
      })
    );
    expect(found).toEqual(digests);
  });

  it('takes out what it has learned, and forgets it', () => {
    withoutSecrets('db_password = "gr33n-apples"');
    expect(withoutSecrets('ok gr33n-apples, agr33n-applesb')).toBe(
      `ok ${SECRET}, agr33n-applesb`
    );
    forgetSecrets();
    expect(withoutSecrets('ok gr33n-apples')).toBe('ok gr33n-apples');
  });

  it('learns no words, and no more than a hundred values', () => {
    withoutSecrets('password = "sunshine"');
    expect(withoutSecrets('sunshine today')).toBe('sunshine today');
    for (let i = 0; i <= 100; i++) {
      withoutSecrets(`password = "gr33n-apples-${i}"`);
    }
    expect(withoutSecrets('gr33n-apples-0!')).toBe('gr33n-apples-0!');
    expect(withoutSecrets('gr33n-apples-1!')).toBe(`${SECRET}!`);
  });

  it('takes out what a course calls a secret, and a senseless pattern’s whole word', () => {
    setSecretRules('EXAM-[A-Z0-9]{4,6} odd_[z-a]{2} nonsense', false);
    expect(withoutSecrets('EXAM-AB12, EXAM-ab odd_yes! nonsense')).toBe(
      `${SECRET}, EXAM-ab ${SECRET} nonsense`
    );
  });

  it('takes out nothing where an administrator wants it so', () => {
    setSecretRules('', true);
    expect(withoutSecrets('password = "hunter2"')).toBe('password = "hunter2"');
  });

  it('finds a token of GitHub’s by its checksum where a word goes on behind it', () => {
    // The CRC-32 of thirty zeros in base 62.
    const token = `ghp_${'0'.repeat(30)}2C8GjS`;
    expect(withoutSecrets(`${token}abc`)).toBe(`${SECRET}abc`);
    const wrong = `ghp_${'0'.repeat(30)}000000abc`;
    expect(withoutSecrets(wrong)).toBe(wrong);
  });
});

describe('a text of more secrets than are looked for', () => {
  /** A text of 200,000 characters with other values each time. */
  function numbered(form: string): string {
    return Array.from({ length: 200_000 / form.length }, (_, n) =>
      form.replace('#', numeral(n))
    ).join('');
  }

  function numeral(n: number): string {
    return ((n * 7919) % 1000003).toString(16).padStart(6, '0');
  }

  it.each(['pwd=x#1\n', '://a:x#@', ' -u a:x#\n'])('as %j is cut off', form => {
    const clean = withoutSecrets(numbered(form));
    expect(clean.endsWith(SECRET)).toBe(true);
    for (const n of [0, 100, 7000, 9000, Math.floor(2e5 / form.length) - 1]) {
      expect(clean.includes(numeral(n))).toBe(false);
    }
  });

  it('is none that is as long as those of events', () => {
    const text = "TOKEN: NAME 'def'\n".repeat(1100);
    expect(withoutSecrets(text)).toBe(text);
    const listed = '{"name": "Ann", "key": "abcdefgh"}, '.repeat(1800);
    expect(withoutSecrets(listed)).toBe(listed);
  });
});

describe('countSecrets', () => {
  it('counts in texts and names of a value, however deep', () => {
    const value = { [SECRET]: [`a ${SECRET}${SECRET}`, 1, null], b: 'none' };
    expect(countSecrets(value)).toBe(3);
  });
});

describe('a hostile text', () => {
  const UNITS = ['sk-', 'eyJ.a', 'ghp_a1', 'key=', 'key="', 'key="a', 'token '];
  UNITS.push('password:', 'bearer ', '://', '://a:b@', '-----BEGIN ', '+ASt');
  UNITS.push(':AA', '8Q~', '"', '"a1B2c3D4e5F6a1B2c3D4e5F6', 'aB1_', 'a-a_');
  UNITS.push('login("a","', '\\"key\\": \\"', 'İ', '&sig=', ' -u a:', 'ACDb');
  UNITS.push('-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'token=a1b2c3d4e5f6 ');
  UNITS.push('authorization:', 'key: ', 'aws_secret_access_key: ', 'passpass ');

  /** The least of several times, in milliseconds: what else runs only adds. */
  function cost(text: string, enough: number): number {
    let least = Infinity;
    for (let i = 0; i < 10 && least >= enough; i++) {
      forgetSecrets();
      const start = performance.now();
      withoutSecrets(text);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  }

  it.each(UNITS)('of %j costs in proportion to its length', unit => {
    // In proportion it is 4 times the cost before, at worst 16 times.
    let limit = 100;
    for (const size of [12_500, 50_000, 200_000]) {
      const now = cost(unit.repeat(size / unit.length), limit);
      expect(now).toBeLessThan(limit);
      limit = 10 * now + 100;
    }
  });
});
