/** How many characters of a text are looked at. */
const LOOKED_AT = 200;

/** On the average, what names of several words are made of is as long or longer, numbers included. */
const PIECE = 4;

/** Alphabets, written out. */
const SEQUENCE = /abcdefgh|01234567/i;

/**
 * Whether a text looks like chance and not like words, a date, a version or a path:
 * parts of it, eight characters or more together, mix letters and digits, or
 * capitals and small letters, as no word does.
 */
export function isRandom(text: string): boolean {
  return looksRandom(text, shapeOf(text));
}

/** Whether a text looks like chance also where nothing says that it is a secret. */
export function isVeryRandom(text: string): boolean {
  const shape = shapeOf(text);
  const { random, distinct, capitals, letters, digits } = shape;
  return (
    text.length >= 20 &&
    capitals > 1 &&
    letters - capitals > 1 &&
    digits > 1 &&
    distinct >= 12 &&
    random * 2 > text.length &&
    looksRandom(text, shape)
  );
}

function looksRandom(
  text: string,
  { random, distinct, letters }: IShape
): boolean {
  return (
    random >= 8 &&
    distinct >= 6 &&
    letters > 0 &&
    !SEQUENCE.test(text.slice(0, LOOKED_AT))
  );
}

/** How many different characters the beginning of a text has. */
export function distinctOf(text: string): number {
  return shapeOf(text).distinct;
}

/** Counts of the characters that the beginning of a text has. */
interface IShape {
  /** Those in parts that are no words. */
  readonly random: number;
  readonly distinct: number;
  readonly letters: number;
  readonly capitals: number;
  readonly digits: number;
}

const enum Sign {
  Other,
  Small,
  Capital,
  Digit
}

/** Made once: many a text is asked about. */
const SEEN = new Uint8Array(128);

function shapeOf(text: string): IShape {
  const length = Math.min(text.length, LOOKED_AT);
  const seen = SEEN.fill(0);
  let distinct = 0;
  const counts = [0, 0, 0, 0];
  let random = 0;
  let before = Sign.Other;
  let start = 0;
  let pieces = 0;
  let trailing = 0;
  for (let i = 0; i <= length; i++) {
    const code = i < length ? text.charCodeAt(i) : 0;
    const sign = signOf(code);
    if (sign === Sign.Other) {
      const isWord =
        pieces * PIECE <= i - start ||
        pieces === 1 ||
        // Letters, and a number behind them.
        (pieces === 2 && trailing > 0 && trailing <= 4);
      random += isWord ? 0 : i - start;
      start = i + 1;
      pieces = trailing = 0;
    } else {
      const goesOn =
        sign === before || (sign === Sign.Small && before === Sign.Capital);
      pieces += goesOn ? 0 : 1;
      trailing = sign === Sign.Digit ? trailing + 1 : 0;
    }
    if (i < length) {
      distinct += seen[code & 127] ? 0 : 1;
      seen[code & 127] = 1;
      counts[sign]++;
    }
    before = sign;
  }
  return {
    random,
    distinct,
    letters: counts[Sign.Small] + counts[Sign.Capital],
    capitals: counts[Sign.Capital],
    digits: counts[Sign.Digit]
  };
}

function signOf(code: number): Sign {
  return code >= 97 && code <= 122
    ? Sign.Small
    : code >= 65 && code <= 90
      ? Sign.Capital
      : code >= 48 && code <= 57
        ? Sign.Digit
        : Sign.Other;
}
