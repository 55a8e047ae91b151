/** A match that began where it was to begin. */
export interface IMatch {
  readonly groups: ReadonlyArray<string>;
  readonly end: number;
}

/** Match a sticky pattern at a place of a text. */
export function matchAt(
  pattern: RegExp,
  text: string,
  at: number
): IMatch | null {
  pattern.lastIndex = at;
  const groups = pattern.exec(text);
  return groups && { groups, end: at + groups[0].length };
}
