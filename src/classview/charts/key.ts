/** A chart with a key above: the parts in the order in which they stand in a bar. */
export function withKey(
  chart: SVGElement | HTMLElement,
  parts: ReadonlyArray<{ readonly words: string; readonly fill: string }>
): HTMLElement {
  const whole = document.createElement('div');
  const key = document.createElement('div');
  key.className = 'jp-cv-Key';
  for (const { words, fill } of parts) {
    const item = document.createElement('span');
    const swatch = document.createElement('i');
    swatch.style.background = fill;
    item.append(swatch, words);
    key.append(item);
  }
  whole.append(key, chart);
  return whole;
}
