/** Why a text is no student's code; each reason has its own words in the dialog. */
export type CodeProblem = 'missing' | 'letters' | 'length' | 'check';

/** Crockford's base 32, in small letters. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
/** Ten characters, and two that check them. */
const LENGTH = 12;
/** The largest prime below 32 squared. */
const PRIME = 1021;
const GAPS = /[\s\u2010-\u2015\u2212-]+/g;

/**
 * Read the code that stands for a student, as people type it. The kernel has the
 * same rule, `ipynb_telemetry/kernel/studentcode.py`; both are held to
 * `conformance/rules/studentcodes.json`.
 *
 * Read as a number in base 32, the remainder of a code by 1021 is 1: the pure
 * system of ISO 7064 with two check characters. So each wrong character is
 * noticed, and each swap of two neighbours.
 *
 * @returns the code as events have it: `c951-w80h-wfyn`
 */
export function readStudentCode(
  text: string
): { readonly code: string } | { readonly problem: CodeProblem } {
  const bare = bareCode(text);
  if (bare === '') {
    return { problem: 'missing' };
  }
  const digits = Array.from(bare, letter => LETTERS.indexOf(letter));
  if (digits.includes(-1)) {
    return { problem: 'letters' };
  }
  if (digits.length !== LENGTH) {
    return { problem: 'length' };
  }
  const remainder = digits.reduce(
    (sum, digit) => (sum * 32 + digit) % PRIME,
    0
  );
  return remainder === 1
    ? { code: bare.replace(/.{4}(?=.)/g, '$&-') }
    : { problem: 'check' };
}

/** A code without what parts its groups, its letters and digits as they are meant. */
function bareCode(text: string): string {
  const bare = text.replace(GAPS, '');
  // Only English letters: small letters of others may be English ones.
  return /^[0-9A-Za-z]*$/.test(bare)
    ? bare.toLowerCase().replace(/o/g, '0').replace(/[il]/g, '1')
    : bare;
}
