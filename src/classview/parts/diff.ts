/** A line of code, and whether it was added or taken away since the attempt before. */
export interface IDiffLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
}

/** The most lines to compare: the work grows with their square. */
const MAX_LINES = 400;

/** The lines of `after`, with those that `before` had in their places (longest common subsequence). */
export function diffLines(
  before: string | null,
  after: string
): ReadonlyArray<IDiffLine> {
  const b = after.split('\n');
  const a = before?.split('\n') ?? [];
  if (before === null || Math.max(a.length, b.length) > MAX_LINES) {
    return b.map(text => ({ sign: ' ', text }));
  }
  const common = lengthsOf(a, b);
  const lines: IDiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: b[j] });
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && common[i + 1][j] >= common[i][j + 1])
    ) {
      lines.push({ sign: '-', text: a[i++] });
    } else {
      lines.push({ sign: '+', text: b[j++] });
    }
  }
  return lines;
}

/** The length of the longest common subsequence of what follows each pair of lines. */
function lengthsOf(
  a: ReadonlyArray<string>,
  b: ReadonlyArray<string>
): number[][] {
  const table = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0)
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] =
        a[i] === b[j]
          ? table[i + 1][j + 1] + 1
          : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}
