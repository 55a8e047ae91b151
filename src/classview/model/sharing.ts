/**
 * The newer of two answers, made of parts of the older one wherever both say the same: what is
 * drawn of such a part need not be drawn again, and its copy is no longer kept.
 *
 * @param before - JSON, or what a schema made of JSON
 * @param after - likewise; what is not shared of it may be changed in place
 */
export function shared<T>(before: unknown, after: T): T {
  if (!isObject(before) || !isObject(after)) {
    return after;
  }
  const areLists = Array.isArray(before) && Array.isArray(after);
  const isSame = areLists
    ? shareItems(before, after)
    : !Array.isArray(before) &&
      !Array.isArray(after) &&
      shareProperties(before, after);
  return isSame ? (before as T) : after;
}

/** @returns whether both lists say the same */
function shareItems(before: unknown[], after: unknown[]): boolean {
  let isSame = before.length === after.length;
  // An index: of the 18,000 cells of a large class an iterator would make as many objects.
  for (let index = 0; index < after.length; index++) {
    const [old, now] = [before[index], after[index]];
    if (old !== now) {
      const part = shared(old, now);
      if (part === old) {
        after[index] = part;
      } else {
        isSame = false;
      }
    }
  }
  return isSame;
}

type Properties = Record<string, unknown>;

/** @returns whether both objects say the same */
function shareProperties(before: Properties, after: Properties): boolean {
  let isSame = true;
  let more = 0;
  for (const name in after) {
    const [old, now] = [before[name], after[name]];
    more += 1;
    if (old !== now) {
      const part = shared(old, now);
      if (part === old) {
        after[name] = part;
      } else {
        isSame = false;
      }
    }
  }
  return isSame && more === Object.keys(before).length;
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null;
}
