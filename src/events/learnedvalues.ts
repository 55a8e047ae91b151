import type { Extent } from './extent.js';
import type { Span } from './markedsecrets.js';
import { distinctOf, isRandom } from './randomness.js';
import { isInWord } from './words.js';

/** So many learned secrets are known, the last ones. */
const MAX_LEARNED = 100;

/** Secrets that were found, which are cut wherever they stand from then on; never stored, never sent. */
const learned = new Set<string>();

/** Learn the last ones of the secrets that were found: no more of them are known. */
export function learn(text: string, found: ReadonlyArray<Span>): void {
  const values = new Set<string>();
  for (let i = found.length - 1; i >= 0 && values.size < MAX_LEARNED; i--) {
    const value = text.slice(...found[i]);
    if (!values.has(value) && isLearnable(value)) {
      values.add(value);
    }
  }
  for (const value of [...values].reverse()) {
    learned.delete(value);
    learned.add(value);
  }
  for (const value of learned) {
    if (learned.size > MAX_LEARNED) {
      learned.delete(value);
    }
  }
}

/** Where learned secrets stand. */
export function findLearned(text: string, extent: Extent): Span[] {
  const spans: Span[] = [];
  extent.begin();
  for (const value of learned) {
    let at = text.indexOf(value);
    while (at >= 0 && extent.has(at)) {
      const end = at + value.length;
      // Where a longer word goes on, it is another word.
      if (!isInWord(text, at) && !isInWord(text, end)) {
        spans.push([at, end]);
      }
      at = text.indexOf(value, end);
    }
  }
  return spans;
}

/** Forget what was learned. */
export function forgetLearned(): void {
  learned.clear();
}

function isLearnable(value: string): boolean {
  return (
    value.length >= 6 &&
    value.length <= 300 &&
    /[A-Za-z]/.test(value) &&
    /[^A-Za-z\s_]/.test(value) &&
    distinctOf(value) >= 5 &&
    (value.length < 40 || isRandom(value))
  );
}
