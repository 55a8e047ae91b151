/**
 * The names that a misspelt one may have meant: those that differ in capitals
 * and signs only, else those a slip or two away, else those it shares words with.
 *
 * @param isLoose - whether words in common are enough
 */
export function nearest(
  name: string,
  known: ReadonlyArray<string>,
  isLoose = false
): string[] {
  const written = fold(name);
  const forms = (path: string): string[] => [
    fold(path),
    fold(path.slice(path.indexOf('.') + 1))
  ];
  const rules: Array<(path: string) => boolean> = [
    path => forms(path).includes(written),
    path =>
      forms(path).some(
        form => distance(written, form) <= (form.length < 6 ? 1 : 2)
      )
  ];
  if (isLoose) {
    rules.push(
      path =>
        !path.includes('.') &&
        (written.includes(fold(/[A-Z]?[a-z]+$/.exec(path)?.[0] ?? path)) ||
          (written.length >= 4 && fold(path).includes(written)))
    );
  }
  return (
    rules.map(rule => known.filter(rule)).find(({ length }) => length) ?? []
  );
}

function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 60);
}

/** How many letters have to be put in, left out or exchanged. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const exchanged = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next[j] = Math.min(exchanged, row[j] + 1, next[j - 1] + 1);
    }
    row = next;
  }
  return row[other.length];
}
