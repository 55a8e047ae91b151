/** A text bounded for an event. */
export interface IBoundedText {
  readonly text: string;
  /** Whether anything was cut off. */
  readonly truncated: boolean;
}

/**
 * @param text - any text
 * @param maximum - its greatest length, in UTF-16 code units
 * @returns the beginning of the text, never ending within a surrogate pair
 */
export function cut(text: string, maximum: number): IBoundedText {
  if (text.length <= maximum) {
    return { text, truncated: false };
  }
  const last = text.charCodeAt(maximum - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? maximum - 1 : maximum;
  return { text: flat(text.slice(0, end)), truncated: true };
}

/**
 * The beginning of a text, cleaned. Cleaning shortens, hence twice as much is
 * taken to be cleaned, and no more: a text may be of megabytes.
 */
export function cutClean(
  text: string,
  maximum: number,
  clean: (text: string) => string
): IBoundedText {
  const beginning = cut(text, 2 * maximum);
  const kept = cut(clean(beginning.text), maximum);
  return {
    text: kept.text,
    truncated: beginning.truncated || kept.truncated
  };
}

/** A string of its own: a slice keeps all of what it was cut from in memory. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
